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
        "security/contract/ir.model.access.csv",
        "security/contract/contract_rules.xml",
        # Data
        "data/estimate/construction_evaluation_data.xml",
        "data/contract/ir_sequence_data.xml",
        "data/contract/ir_cron_data.xml",
        # Reports
        "report/estimate/construction_evaluation_reports.xml",
        "report/estimate/construction_evaluation_templates.xml",
        "report/quote/sale_order_templates.xml",
        "report/quote/sale_order_portal_templates.xml",
        "report/contract/construction_plan_templates.xml",
        "report/contract/payment_receipt_templates.xml",
        # Wizards
        "wizards/contract/construction_collect_views.xml",
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
        "views/contract/construction_plan_template_views.xml",
        "views/contract/construction_contract_views.xml",
        "views/contract/construction_instalment_views.xml",
        "views/contract/construction_collection_views.xml",
        "views/contract/account_move_views.xml",
        "views/contract/sale_order_views.xml",
        "views/contract/crm_lead_views.xml",
        # Views: delivery
        # Menus
        "views/menus.xml",
    ],
    "pre_init_hook": "pre_init_hook",
}
