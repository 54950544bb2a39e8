terraform {
  required_version = ">= 1.7"

  required_providers {
    maas = {
      source = "cdktf-maas.invalid/cdktf-maas/maas" # placed by npx cdktf-maas install-plugin
    }
  }
}

provider "maas" {
  # The region's URL and the key come from MAAS_API_URL and MAAS_API_KEY.

  suppressed_rules = {
    "MAAS6-NET-07" = "the lab's IPv6 runs through a tunnel of 1240 bytes"
  }
}
