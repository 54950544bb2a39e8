variable "name" {
  description = "Name of the fabric."
  type        = string
  default     = "lab"
}

variable "ipv4" {
  description = "IPv4 network, with room for the addresses .1, .2 and .100 to .199."
  type        = string
  default     = "10.60.0.0/24"
}

variable "ipv6" {
  description = "IPv6 network, a /64."
  type        = string
  default     = "2001:db8:60::/64"

  validation {
    condition     = endswith(var.ipv6, "/64")
    error_message = "Machines configure themselves by router advertisements in a /64 only."
  }
}

variable "rack" {
  description = "Rack controller that serves DHCP, and its interface on the network."
  type        = object({ name = string, interface = string })
  default     = { name = "rack1", interface = "eth1" }
}
