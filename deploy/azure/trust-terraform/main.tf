# Two managed identities that trust exactly one workspace of Holdpoint: one that plans and only reads, and one that applies.

terraform {
  required_version = ">= 1.9"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0, < 5.0"
    }
  }
}

resource "azurerm_user_assigned_identity" "holdpoint" {
  for_each = toset(["plan", "apply"])

  name                = "holdpoint-${each.key}"
  resource_group_name = var.resource_group.name
  location            = var.resource_group.location
}

resource "azurerm_federated_identity_credential" "holdpoint" {
  for_each = local.credentials

  name                = "holdpoint-${each.key}"
  resource_group_name = var.resource_group.name
  parent_id           = azurerm_user_assigned_identity.holdpoint[each.key].id
  issuer              = each.value.issuer
  subject             = each.value.subject
  audience            = each.value.audience
}

resource "azurerm_role_assignment" "holdpoint" {
  for_each = { for pair in flatten([
    for phase, roles in var.roles : [for each in roles : merge(each, { phase = phase })]
  ]) : "${pair.phase} ${pair.role} ${pair.scope}" => pair }

  scope                = each.value.scope
  role_definition_name = each.value.role
  principal_id         = azurerm_user_assigned_identity.holdpoint[each.value.phase].principal_id
  principal_type       = "ServicePrincipal"
}

output "clients" {
  description = "For --apply and --plan."
  value       = { for phase, identity in azurerm_user_assigned_identity.holdpoint : phase => identity.client_id }
}
