#!/usr/bin/env bash
set -euo pipefail
case ${1:-} in
  -h | --help)
    echo ;;
esac
