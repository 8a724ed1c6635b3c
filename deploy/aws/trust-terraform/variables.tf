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
  description = "The aud of the connection."
  type        = string
  default     = "sts.amazonaws.com"
}

variable "apply_policy_arns" {
  description = "What a change may do at most; each session is narrowed to its plan below that."
  type        = list(string)
}

variable "plan_policy_arns" {
  description = "What planning may read."
  type        = list(string)
  default     = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
}
