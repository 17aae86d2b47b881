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

mutate:
	dotnet tool run dotnet-stryker --solution Jarvis.slnx --project Proxmox.csproj
