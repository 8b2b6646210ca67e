resource "aws_security_group" "balancer" {
  name        = "${var.app}-balancer"
  description = "Users of ${var.app}"
  vpc_id      = var.vpc_id

  ingress {
    from_port   = local.listener_port
    to_port     = local.listener_port
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "this" {
  name               = var.app
  load_balancer_type = "application"
  security_groups    = [aws_security_group.balancer.id]
  subnets            = var.public_subnet_ids
}

resource "aws_lb_target_group" "this" {
  for_each = local.colors

  name                 = "${var.app}-${each.key}"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = var.port
  deregistration_delay = 30

  health_check {
    path                = var.health_path
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

# Both groups, always: weight 0 keeps the idle one health-checked. Who has the traffic is the action's to say from the
# first deployment on, so Terraform must not put it back.
resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  port              = local.listener_port
  protocol          = var.certificate_arn == null ? "HTTP" : "HTTPS"
  certificate_arn   = var.certificate_arn

  default_action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.this["blue"].arn
        weight = 100
      }

      target_group {
        arn    = aws_lb_target_group.this["green"].arn
        weight = 0
      }
    }
  }

  lifecycle {
    ignore_changes = [default_action]
  }
}
