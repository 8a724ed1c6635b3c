# Two roles that exactly one workspace of Holdpoint can log in to: one that plans and only reads, and one that applies.

terraform {
  required_version = ">= 1.9"
  required_providers {
    vault = {
      source  = "hashicorp/vault"
      version = ">= 4.0"
    }
  }
}

resource "vault_jwt_auth_backend" "holdpoint" {
  path               = var.mount
  type               = "jwt"
  oidc_discovery_url = var.issuer
  bound_issuer       = var.issuer
}

resource "vault_jwt_auth_backend_role" "holdpoint" {
  for_each = local.roles

  backend         = vault_jwt_auth_backend.holdpoint.path
  role_type       = "jwt"
  role_name       = each.value.role_name
  bound_subject   = each.value.bound_subject
  bound_audiences = each.value.bound_audiences
  user_claim      = "sub"
  claim_mappings  = { change = "change", grant = "grant", requester = "requester" }

  # A batch token could be neither renewed nor revoked.
  token_type     = "service"
  token_ttl      = var.token_ttl
  token_max_ttl  = var.token_max_ttl
  token_policies = each.value.token_policies
}

output "roles" {
  description = "For --apply and --plan."
  value       = { for phase, role in vault_jwt_auth_backend_role.holdpoint : phase => role.role_name }
}
