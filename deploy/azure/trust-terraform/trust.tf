# What each identity trusts, by equality. It needs no provider, so that a test can work it out.

locals {
  # Entra ID compares issuer, subject and audience as whole texts; it knows no pattern for this issuer.
  credentials = var.subjects == null ? {} : {
    for phase, subject in var.subjects : phase => {
      issuer   = var.issuer
      subject  = subject
      audience = [var.audience]
    }
  }
}
