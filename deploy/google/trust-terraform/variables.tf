variable "issuer" {
  description = "Public address of the Holdpoint server, as connection set prints it: https://…"
  type        = string
  validation {
    condition     = startswith(var.issuer, "https://") && !endswith(var.issuer, "/")
    error_message = "An https address without a slash at the end."
  }
}

variable "subjects" {
  description = "The sub of each phase, as connection set prints them."
  type        = object({ plan = string, apply = string })
  validation {
    condition     = can(regex("^workspace:wsp_[0-9a-z]{16}:phase:plan:to:con_[0-9a-z]{16}$", var.subjects.plan))
    error_message = "The exact sub for planning: a pattern would trust other workspaces."
  }
  validation {
    condition     = var.subjects.apply == replace(var.subjects.plan, ":phase:plan:", ":phase:apply:")
    error_message = "The exact sub for applying, of the same workspace and connection."
  }
}

variable "provider_name" {
  description = "The setting provider of the connection; pool and provider are made under these names."
  type        = string
  validation {
    condition     = can(regex("^projects/\\d+/locations/global/workloadIdentityPools/[a-z0-9-]{4,32}/providers/[a-z0-9-]{4,32}$", var.provider_name))
    error_message = "projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>"
  }
}

variable "project" {
  description = "The project's id, which is the connection's account."
  type        = string
}

variable "accounts" {
  description = "Addresses of the service accounts of each phase, which are made: --plan and --apply."
  type        = object({ plan = string, apply = string })
  validation {
    condition     = alltrue([for each in values(var.accounts) : can(regex("^[a-z0-9-]{6,30}@${var.project}\\.iam\\.gserviceaccount\\.com$", each))])
    error_message = "<name>@<project>.iam.gserviceaccount.com, in the project that is named."
  }
  validation {
    condition     = var.accounts.plan != var.accounts.apply
    error_message = "Two accounts: the one that plans may only read."
  }
}

variable "audience" {
  description = "The aud of the connection; null: the one it has by itself."
  type        = string
  default     = null
}

variable "roles" {
  description = "Roles on the project: what planning may read, and what a change may do at most."
  type        = object({ plan = list(string), apply = list(string) })
  default     = { plan = ["roles/viewer"], apply = [] }
}

variable "jwks_json" {
  description = "The server's keys, where Google cannot fetch them; uploaded anew after every rotation."
  type        = string
  default     = null
}
