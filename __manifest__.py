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
        "security/estimate/ir.model.access.csv",
        "security/estimate/construction_estimate_rules.xml",
        "security/quote/cost_security.xml",
        # Data
        "data/estimate/construction_evaluation_data.xml",
        # Reports
        "report/quote/sale_order_templates.xml",
        "report/quote/sale_order_portal_templates.xml",
        "report/estimate/construction_evaluation_reports.xml",
        "report/estimate/construction_evaluation_templates.xml",
        # Wizards
        # Views: pipeline
        "views/pipeline/construction_type_views.xml",
        "views/pipeline/crm_lead_views.xml",
        # Views: estimate
        "views/estimate/construction_recipe_views.xml",
        "views/estimate/construction_evaluation_views.xml",
        "views/estimate/crm_lead_views.xml",
        "views/estimate/product_template_views.xml",
        # Views: quote
        "views/quote/sale_order_views.xml",
        "views/quote/construction_evaluation_views.xml",
        "views/quote/res_config_settings_views.xml",
        # Views: contract
        # Views: delivery
        # Menus
        "views/menus.xml",
    ],
}
