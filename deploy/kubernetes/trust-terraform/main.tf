# Documents for a cluster that trusts exactly one workspace of Holdpoint. It needs no provider: it only writes text.

terraform {
  required_version = ">= 1.9"
}

locals {
  subjects = [var.subjects.plan, var.subjects.apply]

  authentication = {
    apiVersion = "apiserver.config.k8s.io/v1"
    kind       = "AuthenticationConfiguration"
    jwt = [{
      issuer = {
        url       = var.issuer
        audiences = [var.audience]
      }
      claimValidationRules = [{
        expression = "claims.sub in ${jsonencode(local.subjects)}"
        message    = "not a subject that this cluster trusts"
      }]
      claimMappings = {
        username = {
          expression = "claims.sub == ${jsonencode(var.subjects.apply)} ? ${jsonencode(var.users.apply)} : ${jsonencode(var.users.plan)}"
        }
      }
      userValidationRules = [{
        expression = "user.username in ${jsonencode([var.users.plan, var.users.apply])}"
        message    = "not a user that this cluster knows"
      }]
    }]
  }

  bindings = [
    for phase in ["plan", "apply"] : {
      apiVersion = "rbac.authorization.k8s.io/v1"
      kind       = "ClusterRoleBinding"
      metadata   = { name = "holdpoint-${phase}" }
      roleRef = {
        apiGroup = "rbac.authorization.k8s.io"
        kind     = "ClusterRole"
        name     = var.cluster_roles[phase]
      }
      subjects = [{
        apiGroup = "rbac.authorization.k8s.io"
        kind     = "User"
        name     = var.users[phase]
      }]
    }
  ]
}

output "authentication" {
  description = "For --authentication-config of the API server."
  value       = yamlencode(local.authentication)
}

output "bindings" {
  description = "For kubectl apply -f."
  value       = join("---\n", [for each in local.bindings : yamlencode(each)])
}

output "aks" {
  description = "For az aks jwtauthenticator add --config-file; users have to begin with aks:jwt: there."
  value       = jsonencode(local.authentication.jwt[0])
}
