# Two roles that trust exactly one workspace of Holdpoint: one that plans and only reads, and one that applies.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

locals {
  host = trimprefix(var.issuer, "https://")
  policies = {
    plan  = var.plan_policy_arns
    apply = var.apply_policy_arns
  }
}

resource "aws_iam_openid_connect_provider" "holdpoint" {
  url            = var.issuer
  client_id_list = [var.audience]
}

data "aws_iam_policy_document" "trust" {
  for_each = local.policies

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.holdpoint.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.host}:aud"
      values   = [var.audience]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.host}:sub"
      values   = [var.subjects[each.key]]
    }
  }
}

resource "aws_iam_role" "holdpoint" {
  for_each = local.policies

  name_prefix          = "holdpoint-${each.key}-"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = 3600
}

resource "aws_iam_role_policy_attachment" "holdpoint" {
  for_each = { for pair in flatten([
    for phase, arns in local.policies : [for arn in arns : { phase = phase, arn = arn }]
  ]) : "${pair.phase} ${pair.arn}" => pair }

  role       = aws_iam_role.holdpoint[each.value.phase].name
  policy_arn = each.value.arn
}

# Lets the server hand out a part of the apply session, ten minutes short; without it sessions live 15 minutes.
resource "aws_iam_role_policy" "scoped" {
  name = "parts-of-its-own-session"
  role = aws_iam_role.holdpoint["apply"].name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:GetScopedCredentials", Resource = "*" }]
  })
}

output "roles" {
  description = "For --apply and --plan."
  value       = { for phase, role in aws_iam_role.holdpoint : phase => role.arn }
}
