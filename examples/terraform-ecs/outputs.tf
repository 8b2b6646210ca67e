output "role" {
  description = "For the variable AWS_ROLE of the GitHub environment."
  value       = aws_iam_role.deploy.arn
}

output "url" {
  value = "${var.certificate_arn == null ? "http" : "https"}://${aws_lb.this.dns_name}"
}

output "config" {
  description = "For .github/blue-green.yml."
  value = yamlencode({
    app = var.app
    environments = {
      (var.environment) = {
        url = "${var.certificate_arn == null ? "http" : "https"}://${aws_lb.this.dns_name}"
        ecs = {
          region    = var.region
          cluster   = aws_ecs_cluster.this.name
          image     = aws_ecr_repository.this.repository_url
          services  = { for color in local.colors : color => aws_ecs_service.this[color].name }
          listeners = [aws_lb_listener.this.arn]
        }
        smoke = [{ path = var.health_path }]
      }
    }
  })
}
