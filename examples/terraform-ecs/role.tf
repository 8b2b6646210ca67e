# The role that the workflow assumes with its OIDC token: no key is stored anywhere.

data "aws_caller_identity" "this" {}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.oidc_provider_arn == null ? 1 : 0

  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  oidc_provider_arn = var.oidc_provider_arn == null ? aws_iam_openid_connect_provider.github[0].arn : var.oidc_provider_arn
  account           = "${var.region}:${data.aws_caller_identity.this.account_id}"
  balancer          = "app/${aws_lb.this.name}"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.oidc_provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    # Only jobs of this repository that are in this GitHub environment, whose rules (reviewers, branches) hold for them.
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:${var.repository}:environment:${var.environment}"]
    }
  }
}

# The policy of docs/ecs.md, with this application's own resources in it.
data "aws_iam_policy_document" "deploy" {
  statement {
    sid = "Look"
    actions = [
      "application-autoscaling:DescribeScalableTargets",
      "cloudwatch:DescribeAlarmHistory",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:GetMetricData",
      "ecr:BatchGetImage",
      "ecr:DescribeImages",
      "ecs:DescribeContainerInstances",
      "ecs:DescribeServices",
      "ecs:DescribeTaskDefinition",
      "ecs:DescribeTasks",
      "ecs:ListTaskDefinitions",
      "ecs:ListTasks",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeLoadBalancers",
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeTags",
      "elasticloadbalancing:DescribeTargetGroupAttributes",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
      "logs:GetLogEvents",
    ]
    resources = ["*"]
  }

  statement {
    sid = "Release"
    actions = [
      "ecs:RegisterTaskDefinition",
      "ecs:TagResource",
      "ecs:UntagResource",
      "ecs:UpdateService",
    ]
    resources = concat(
      [for service in aws_ecs_service.this : service.id],
      ["arn:aws:ecs:${local.account}:task-definition/${var.app}:*"],
    )
  }

  statement {
    sid = "Shift"
    actions = [
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:ModifyRule",
    ]
    resources = [
      aws_lb_listener.this.arn,
      "arn:aws:elasticloadbalancing:${local.account}:listener-rule/${local.balancer}/*",
    ]
  }

  statement {
    sid = "PreviewRuleAndLock"
    actions = [
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:CreateRule",
      "elasticloadbalancing:DeleteRule",
      "elasticloadbalancing:RemoveTags",
    ]
    resources = [
      aws_lb_listener.this.arn,
      "arn:aws:elasticloadbalancing:${local.account}:listener-rule/${local.balancer}/*",
    ]
  }

  statement {
    sid       = "HandScalingOver"
    actions   = ["application-autoscaling:RegisterScalableTarget"]
    resources = ["*"]
  }

  statement {
    sid       = "SetUpAlarms"
    actions   = ["cloudwatch:PutMetricAlarm"]
    resources = ["arn:aws:cloudwatch:${local.account}:alarm:${var.app}-*"]
  }

  statement {
    sid       = "PassTheTasksRoles"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.task.arn, aws_iam_role.execution.arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}

# So that the workflow can push the image that it deploys.
data "aws_iam_policy_document" "push" {
  statement {
    sid       = "Login"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid = "Push"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = [aws_ecr_repository.this.arn]
  }
}

resource "aws_iam_role" "deploy" {
  name               = "${var.app}-deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "deploy" {
  name   = "blue-green-deploy"
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.deploy.json
}

resource "aws_iam_role_policy" "push" {
  name   = "push-images"
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.push.json
}
