# What each role demands, by equality. It needs no provider, so that a test can work it out.

locals {
  roles = {
    for phase, subject in var.subjects : phase => {
      role_name       = var.roles[phase]
      bound_subject   = subject
      bound_audiences = [var.audience]
      token_policies  = var.policies[phase]
    }
  }
}
