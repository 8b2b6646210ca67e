variable "region" {
  type    = string
  default = "us-east-1"
}

variable "app" {
  description = "What is deployed; names everything here."
  type        = string
  default     = "storefront"
}

variable "repository" {
  description = "The GitHub repository whose jobs may deploy: owner/name; owner@ID/name@ID if it was created or renamed since 15 July 2026."
  type        = string
}

variable "environment" {
  description = "The GitHub environment that those jobs must be in."
  type        = string
  default     = "production"
}

variable "vpc_id" {
  type = string
}

variable "public_subnet_ids" {
  description = "For the load balancer: two or more zones."
  type        = list(string)
}

variable "private_subnet_ids" {
  description = "For the tasks; they need a way to ECR and CloudWatch Logs (a NAT gateway, or VPC endpoints)."
  type        = list(string)
}

variable "port" {
  description = "The port that the application listens on."
  type        = number
  default     = 3000
}

variable "health_path" {
  type    = string
  default = "/health"
}

variable "certificate_arn" {
  description = "For HTTPS; without one the listener speaks HTTP on port 80."
  type        = string
  default     = null
}

variable "oidc_provider_arn" {
  description = "GitHub's OIDC provider, where the account has it already (it can have one only)."
  type        = string
  default     = null
}
