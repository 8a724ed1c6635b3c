# Two service accounts that exactly one workspace of Holdpoint may become: one that plans and only reads, and one that applies.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.0"
    }
  }
}

resource "google_iam_workload_identity_pool" "holdpoint" {
  project                   = var.project
  workload_identity_pool_id = local.parts.pool
}

resource "google_iam_workload_identity_pool_provider" "holdpoint" {
  project                            = var.project
  workload_identity_pool_id          = google_iam_workload_identity_pool.holdpoint.workload_identity_pool_id
  workload_identity_pool_provider_id = local.parts.provider
  attribute_mapping                  = local.attribute_mapping
  attribute_condition                = local.attribute_condition

  oidc {
    issuer_uri        = var.issuer
    allowed_audiences = [local.audience]
    jwks_json         = var.jwks_json
  }
}

resource "google_service_account" "holdpoint" {
  for_each = var.accounts

  project      = var.project
  account_id   = split("@", each.value)[0]
  display_name = "Holdpoint, ${each.key}"
}

resource "google_service_account_iam_member" "holdpoint" {
  for_each = local.members

  service_account_id = google_service_account.holdpoint[each.key].name
  role               = "roles/iam.workloadIdentityUser"
  member             = each.value

  depends_on = [google_iam_workload_identity_pool.holdpoint]
}

resource "google_project_iam_member" "holdpoint" {
  for_each = { for pair in flatten([
    for phase, roles in var.roles : [for role in roles : { phase = phase, role = role }]
  ]) : "${pair.phase} ${pair.role}" => pair }

  project = var.project
  role    = each.value.role
  member  = "serviceAccount:${google_service_account.holdpoint[each.value.phase].email}"
}

output "accounts" {
  description = "For --apply and --plan."
  value       = { for phase, account in google_service_account.holdpoint : phase => account.email }
}
