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
  default     = "vault.holdpoint"
}

variable "mount" {
  description = "The setting mount of the connection: a method for Holdpoint alone."
  type        = string
  default     = "jwt"
}

variable "roles" {
  description = "Names of the roles of each phase: --plan and --apply."
  type        = object({ plan = string, apply = string })
}

variable "policies" {
  description = "Policies of each phase. Vault adds its default one, by which a token renews and revokes itself."
  type        = object({ plan = list(string), apply = list(string) })
}

variable "token_ttl" {
  description = "Seconds that a token lives unless it is renewed; so long a revoked grant can be felt late."
  type        = number
  default     = 300
  validation {
    condition     = var.token_ttl >= 60 && var.token_ttl <= 1200
    error_message = "Between one minute and twenty."
  }
}

variable "token_max_ttl" {
  description = "Seconds after which a token ends however often it was renewed."
  type        = number
  default     = 14400
}
