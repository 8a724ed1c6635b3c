variable "issuer" {
  description = "Public address of the Holdpoint server, as connection set prints it: https://…"
  type        = string
  validation {
    condition     = startswith(var.issuer, "https://") && !endswith(var.issuer, "/")
    error_message = "An https address without a slash at the end."
  }
}

variable "subjects" {
  description = "The sub of each phase, as connection set prints them; null until there is a connection."
  type        = object({ plan = string, apply = string })
  default     = null
  validation {
    condition     = var.subjects == null || can(regex("^workspace:wsp_[0-9a-z]{16}:phase:plan:to:con_[0-9a-z]{16}$", var.subjects.plan))
    error_message = "The exact sub for planning: a pattern would trust other workspaces."
  }
  validation {
    condition     = var.subjects == null || try(var.subjects.apply, "") == try(replace(var.subjects.plan, ":phase:plan:", ":phase:apply:"), "")
    error_message = "The exact sub for applying, of the same workspace and connection."
  }
}

variable "audience" {
  description = "The aud of the connection."
  type        = string
  default     = "api://AzureADTokenExchange"
}

variable "resource_group" {
  description = "Where the two identities live; it exists already."
  type        = object({ name = string, location = string })
}

variable "roles" {
  description = "Roles by scope: what planning may read, and what a change may do at most."
  type = object({
    plan  = list(object({ scope = string, role = string }))
    apply = list(object({ scope = string, role = string }))
  })
  default = { plan = [], apply = [] }
}
