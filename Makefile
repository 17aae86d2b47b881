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

# Changes the code bit by bit and counts what the tests notice: all of one project, or what FILES narrows it to, as in
# make mutate FILES='**/Redemption.cs'. All of Safety takes an hour on two cores.
PROJECT ?= Safety
FILES ?= **/*.cs
mutate:
	dotnet tool restore
	cd tests/$(PROJECT).Tests && nice -n 10 dotnet stryker --test-runner mtp --project $(PROJECT).csproj --concurrency 2 --mutate "$(FILES)"
