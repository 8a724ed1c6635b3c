# What the pool demands, by equality. It needs no provider, so that a test can work it out.

locals {
  parts    = regex("^(?P<pool_name>projects/\\d+/locations/global/workloadIdentityPools/(?P<pool>[^/]+))/providers/(?P<provider>[^/]+)$", var.provider_name)
  audience = coalesce(var.audience, "https://iam.googleapis.com/${var.provider_name}")

  # A token for planning has neither grant nor fingerprint yet. They narrow nothing here: they let a
  # condition in IAM name them, and they stand in the audit log.
  attribute_mapping = merge({ "google.subject" = "assertion.sub" }, {
    for claim in ["change", "grant", "fingerprint"] :
    "attribute.${claim}" => "has(assertion.${claim}) ? assertion.${claim} : \"none\""
  })

  attribute_condition = "assertion.sub == \"${var.subjects.plan}\" || assertion.sub == \"${var.subjects.apply}\""

  members = {
    for phase in ["plan", "apply"] :
    phase => "principal://iam.googleapis.com/${local.parts.pool_name}/subject/${var.subjects[phase]}"
  }
}
