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

variable "audience" {
  description = "The aud of the connection: a name of this cluster that no other one has."
  type        = string
}

variable "users" {
  description = "What the cluster calls each phase: --plan and --apply."
  type        = object({ plan = string, apply = string })
  default     = { plan = "holdpoint:plan", apply = "holdpoint:apply" }
  validation {
    condition     = alltrue([for each in values(var.users) : can(regex("^[A-Za-z0-9:._@-]+$", each)) && !startswith(each, "system:")])
    error_message = "Letters, digits and :._@- that do not begin with system:"
  }
  validation {
    condition     = var.users.plan != var.users.apply
    error_message = "Two users: the one that plans may only read."
  }
}

variable "cluster_roles" {
  description = "Cluster roles of each phase: what planning may read, and what a change may do at most."
  type        = object({ plan = string, apply = string })
  default     = { plan = "view", apply = "edit" }
}
