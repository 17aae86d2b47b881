namespace Jarvis.Proxmox;

/// <summary>The cluster's addresses: stays with the one that works, leaves a failed one alone for a while.</summary>
internal sealed class EndpointSet : IDisposable
{
    private const int Most = 64;
    private readonly Lock gate = new();
    private readonly List<Endpoint> all;
    private readonly ProxmoxOptions options;
    private readonly CertificateTrust trust;
    private readonly TimeProvider time;
    private int inUse;

    public EndpointSet(ProxmoxOptions options, CertificateTrust trust, TimeProvider time)
    {
        if (options.Endpoints.Count == 0)
        {
            throw new ArgumentException("At least one endpoint is needed, as https://host:8006.", nameof(options));
        }

        this.options = options;
        this.trust = trust;
        this.time = time;
        all = [.. options.Endpoints.Concat(options.LearnedEndpoints).Distinct().Take(Most).Select(address => new Endpoint(address, trust, options))];
    }

    /// <summary>Adds addresses that are not known yet, behind the others.</summary>
    public void Add(IEnumerable<Uri> addresses)
    {
        lock (gate)
        {
            foreach (var address in addresses.Where(address => all.Count < Most && all.TrueForAll(known => known.Address != address)))
            {
                all.Add(new Endpoint(address, trust, options));
            }
        }
    }

    /// <summary>The one in use, then the healthy ones behind it, then as a last resort those that cool down.</summary>
    public IReadOnlyList<Endpoint> InOrder()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            return
            [
                .. Enumerable.Range(0, all.Count)
                    .Select(offset => all[(inUse + offset) % all.Count])
                    .OrderBy(endpoint => endpoint.CoolsUntil > now ? endpoint.CoolsUntil : DateTimeOffset.MinValue),
            ];
        }
    }

    public void Succeeded(Endpoint endpoint)
    {
        lock (gate)
        {
            endpoint.Succeeded();
            inUse = all.IndexOf(endpoint);
        }
    }

    public void Failed(Endpoint endpoint)
    {
        lock (gate)
        {
            endpoint.Failed(time.GetUtcNow(), options.CoolDown);
        }
    }

    /// <summary>Lets endpoints with a refused certificate try again, after new fingerprints were learned.</summary>
    public void ReconsiderRefused()
    {
        lock (gate)
        {
            foreach (var endpoint in all.Where(endpoint => endpoint.RefusedFingerprint is not null))
            {
                endpoint.Reconsider();
            }
        }
    }

    public IReadOnlyList<(Uri Address, bool InUse, DateTimeOffset? CoolsUntil)> Describe()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            return
            [
                .. all.Select((endpoint, index) => (
                    endpoint.Address, index == inUse, endpoint.CoolsUntil > now ? endpoint.CoolsUntil : (DateTimeOffset?)null)),
            ];
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            all.ForEach(endpoint => endpoint.Dispose());
        }
    }
}
