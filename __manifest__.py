{
    "name": "Construction CRM",
    "summary": "From lead to handover: evaluation sheets, recipes, chapter quotes, contracts, staged projects",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Construction CRM",
    "license": "LGPL-3",
    "application": True,
    "depends": [
        "sale_crm",
        "sale_management",
        "sale_margin",
        "sale_project",
        "account",
    ],
    "external_dependencies": {"python": ["num2words"]},
    "data": [
        # Security
        "security/construction_security.xml",
        "security/pipeline/ir.model.access.csv",
        # Data
        # Reports
        # Wizards
        # Views: pipeline
        "views/pipeline/construction_type_views.xml",
        "views/pipeline/crm_lead_views.xml",
        # Views: estimate
        "views/estimate/product_template_views.xml",
        # Views: quote
        # Views: contract
        # Views: delivery
        # Menus
        "views/menus.xml",
    ],
    "demo": [
        # The firm: company, people, clients
        "demo/pipeline/company_demo.xml",
        "demo/pipeline/users_demo.xml",
        "demo/pipeline/partners_demo.xml",
        # Its catalogue and recipes
        "demo/estimate/catalogue_demo.xml",
        "demo/estimate/product.product.csv",
    ],
}
