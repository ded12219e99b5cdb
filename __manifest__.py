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
        "security/contract/ir.model.access.csv",
        "security/contract/contract_rules.xml",
        "security/delivery/ir.model.access.csv",
        "security/delivery/delivery_security.xml",
        # Data
        "data/estimate/construction_evaluation_data.xml",
        "data/contract/ir_sequence_data.xml",
        "data/contract/ir_cron_data.xml",
        "data/delivery/ir_sequence_data.xml",
        # Reports
        "report/estimate/construction_evaluation_reports.xml",
        "report/estimate/construction_evaluation_templates.xml",
        "report/quote/sale_order_templates.xml",
        "report/quote/sale_order_portal_templates.xml",
        "report/contract/construction_plan_templates.xml",
        "report/contract/payment_receipt_templates.xml",
        # Wizards
        "wizards/contract/construction_collect_views.xml",
        "wizards/delivery/construction_project_start_views.xml",
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
        "views/delivery/construction_type_views.xml",
        "views/delivery/product_template_views.xml",
        "views/delivery/project_project_stage_views.xml",
        "views/delivery/project_milestone_views.xml",
        "views/delivery/project_task_views.xml",
        "views/delivery/project_project_views.xml",
        "views/delivery/construction_project_candidate_views.xml",
        "views/delivery/crm_lead_views.xml",
        "views/delivery/sale_order_views.xml",
        "views/delivery/construction_contract_views.xml",
        "views/delivery/res_config_settings_views.xml",
        # Menus
        "views/menus.xml",
    ],
    "demo": [
        # The firm: company, people, clients
        "demo/pipeline/company_demo.xml",
        "demo/pipeline/users_demo.xml",
        "demo/pipeline/partners_demo.xml",
        # Its types of works and what they bring along
        "demo/delivery/project_templates_demo.xml",
        "demo/contract/plan_templates_demo.xml",
        "demo/pipeline/types_demo.xml",
        # Its catalogue and recipes
        "demo/estimate/catalogue_demo.xml",
        "demo/estimate/product.product.csv",
        "demo/estimate/construction.recipe.csv",
        "demo/estimate/construction.recipe.line.csv",
        "demo/estimate/recipes_demo.xml",
        # Deals and what was measured
        "demo/pipeline/deals_demo.xml",
        "demo/estimate/evaluations_demo.xml",
        # The story of each job
        "demo/jobs/family_bathroom_demo.xml",
        "demo/jobs/new_house_demo.xml",
        "demo/jobs/dental_clinic_demo.xml",
        "demo/jobs/harbour_roof_demo.xml",
        "demo/jobs/taproom_kitchen_demo.xml",
        "demo/jobs/open_quotes_demo.xml",
        "demo/jobs/lost_deals_demo.xml",
        "demo/jobs/afterwards_demo.xml",
    ],
    "assets": {
        "web.assets_tests": ["construction_crm/static/tests/tours/**/*"],
    },
    "pre_init_hook": "pre_init_hook",
}
