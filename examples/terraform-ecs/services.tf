locals {
  colors        = toset(["blue", "green"])
  listener_port = var.certificate_arn == null ? 80 : 443
}

resource "aws_ecr_repository" "this" {
  name                 = var.app
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.app}"
  retention_in_days = 30
}

resource "aws_ecs_cluster" "this" {
  name = var.app
}

resource "aws_security_group" "tasks" {
  name        = "${var.app}-tasks"
  description = "Tasks of ${var.app}"
  vpc_id      = var.vpc_id

  ingress {
    from_port       = var.port
    to_port         = var.port
    protocol        = "tcp"
    security_groups = [aws_security_group.balancer.id]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

data "aws_iam_policy_document" "tasks_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

# What the application itself may do: attach policies of your own.
resource "aws_iam_role" "task" {
  name               = "${var.app}-task"
  assume_role_policy = data.aws_iam_policy_document.tasks_trust.json
}

# What ECS may do to start it: pull the image, write the log.
resource "aws_iam_role" "execution" {
  name               = "${var.app}-execution"
  assume_role_policy = data.aws_iam_policy_document.tasks_trust.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

# The revision that both services begin with. The action makes each release from the one that is live, and changes
# nothing but the image: to change anything else, apply here, and point the live service at the new revision once.
resource "aws_ecs_task_definition" "this" {
  family                   = var.app
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.task.arn
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name         = "app"
      image        = "${aws_ecr_repository.this.repository_url}:none-yet"
      essential    = true
      portMappings = [{ containerPort = var.port }]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.this.name
          awslogs-region        = var.region
          awslogs-stream-prefix = "app"
        }
      }
    },
  ])
}

# Nothing runs until the first deployment, which brings an image.
resource "aws_ecs_service" "this" {
  for_each = local.colors

  name            = "${var.app}-${each.key}"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = 0
  launch_type     = "FARGATE"

  deployment_circuit_breaker {
    enable   = true
    rollback = false
  }

  network_configuration {
    subnets         = var.private_subnet_ids
    security_groups = [aws_security_group.tasks.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.this[each.key].arn
    container_name   = "app"
    container_port   = var.port
  }

  # Which release each color runs, how many of it, and what is known of it, is the action's.
  lifecycle {
    ignore_changes = [task_definition, desired_count, tags, tags_all]
  }

  depends_on = [aws_lb_listener.this]
}
