#!/usr/bin/env bash
# Holds the action, the workflows and the examples for other schedulers to their
# schemas, and compiles the Python among them. Needs python3; Jenkins has no checker.
set -euo pipefail
cd "$(dirname "$0")/.."

pipelines/venv.sh build/venv-examples pipelines/examples.txt
bin=build/venv-examples/bin
"$bin/check-jsonschema" --quiet --builtin-schema vendor.github-actions action.yml
"$bin/check-jsonschema" --quiet --builtin-schema vendor.github-workflows docs/examples/nightly*.yml .github/workflows/*.yml
"$bin/check-jsonschema" --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
"$bin/check-jsonschema" --quiet --builtin-schema vendor.gitlab-ci docs/examples/gitlab-ci.yml
"$bin/kubernetes-validate" --quiet --strict docs/examples/kubernetes*.yaml
"$bin/python" -c 'import ast, sys; [ast.parse(open(name).read(), name) for name in sys.argv[1:]]' docs/examples/*.py
