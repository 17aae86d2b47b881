.PHONY: run test gen lint bench shots mutate

run:
	./run.sh

test:
	./test.sh

# rewrites what is generated from code: the hub contract and the other golden files
gen:
	UPDATE_GOLDEN=1 dotnet run --project tests/Architecture

lint:
	dotnet format Jarvis.slnx --verify-no-changes
	cd web && npm run check
	shellcheck run.sh test.sh bench/*.sh .ci/run

bench:
	bench/run.sh

shots:
	cd web && npm run shots

# all of one project; FILES narrows it, as in make mutate FILES='**/Upid.cs'
PROJECT ?= Proxmox
FILES ?= **/*.cs
mutate:
	dotnet tool restore
	cd tests/$(PROJECT).Tests && dotnet stryker --test-runner mtp --project $(PROJECT).csproj --mutate "$(FILES)"
