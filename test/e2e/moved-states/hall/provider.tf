terraform {
  required_providers {
    maas = {
      source  = "canonical/maas"
      version = "~> 2.4"
    }
  }
}

# The region comes from the environment.
provider "maas" {
  api_version         = "2.0"
  installation_method = "snap"
}
