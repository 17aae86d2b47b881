using Jarvis.Proxmox;

namespace Jarvis.Server.Cluster;

/// <summary>Asks Proxmox for what somebody looks at: within the budget, shared by all who look, and kept for a while.</summary>
internal sealed class Lookups(ClusterClients clients, TimeProvider clock)
{
    private const int MostKept = 128;

    private readonly Dictionary<(LiveCluster Cluster, string What), (Task Answer, Freshness Age)> _kept = [];
    private readonly Lock _gate = new();

    /// <param name="cluster">Whom to ask.</param>
    /// <param name="what">Tells one question from another.</param>
    /// <param name="keep">How long the answer is good for.</param>
    /// <param name="calls">How many calls it takes.</param>
    /// <param name="ask">Asks; it goes on for the others when this caller leaves, and every call has its time limit.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<Outcome<T>> AskAsync<T>(
        LiveCluster cluster, string what, TimeSpan keep, int calls, Func<ProxmoxClient, Task<T>> ask, CancellationToken cancellationToken)
        where T : class
    {
        if (clients.Of(cluster) is not { } connection) return Removed(cluster);
        Task<T> answer;
        lock (_gate)
        {
            if (_kept.TryGetValue((cluster, what), out var kept) && (!kept.Answer.IsCompleted || kept.Answer.IsCompletedSuccessfully && kept.Age.IsWithin(keep)))
            {
                answer = (Task<T>)kept.Answer;
            }
            else if (cluster.Entry.Paused)
            {
                return Refusal.Conflict("CLUSTER_PAUSED", $"{cluster.Entry.Name} is paused: nothing is asked of it. Resume it first.");
            }
            else if (!connection.Budget.MayAsk(cluster.Current.View.Nodes.Count, calls))
            {
                return new Refusal(StatusCodes.Status429TooManyRequests, "OBSERVER_BUDGET",
                    "Proxmox has been asked as much as it should be within a minute; try again in a few seconds.");
            }
            else
            {
                if (_kept.Count >= MostKept) MakeRoom();
                answer = Task.Run(() => ask(connection.Client), CancellationToken.None);
                _kept[(cluster, what)] = (answer, Freshness.FromNow(clock));
            }
        }

        try
        {
            return await answer.WaitAsync(cancellationToken);
        }
        catch (ProxmoxException failure) when (failure.Kind is ProxmoxFailure.Forbidden)
        {
            return Forbidden(failure, connection.Options.TokenId);
        }
        catch (ProxmoxException failure)
        {
            return new Refusal(StatusCodes.Status502BadGateway, "PROXMOX_FAILED", failure.Message);
        }
        catch (Exception closed) when (closed is ObjectDisposedException || closed is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Removed(cluster);
        }
    }

    public string TokenIdOf(LiveCluster cluster) => clients.Of(cluster)?.Options.TokenId ?? ClusterOptions.UnknownToken;

    public static Proxmox.GuestType TypeOf(GuestView guest) => guest.Type is GuestType.Vm ? Proxmox.GuestType.Qemu : Proxmox.GuestType.Lxc;

    /// <summary>Keeps no answers of a cluster that went, or is asked with another token from now on.</summary>
    public void Forget(LiveCluster cluster)
    {
        lock (_gate)
        {
            foreach (var key in _kept.Keys.Where(k => k.Cluster == cluster).ToList()) _kept.Remove(key);
        }
    }

    private void MakeRoom()
    {
        foreach (var key in _kept.Where(k => k.Value.Answer.IsCompleted).Select(k => k.Key).ToList()) _kept.Remove(key);
    }

    private static Refusal Removed(LiveCluster cluster) =>
        Refusal.Conflict("CLUSTER_CHANGED", $"{cluster.Key} was removed, or is connected to anew just now; try again.");

    private static Refusal Forbidden(ProxmoxException failure, string tokenId)
    {
        var path = failure.MissingOn ?? "/";
        var wanted = failure.MissingPrivileges;
        var role = wanted.All(p => p.EndsWith(".Audit", StringComparison.Ordinal)) ? "PVEAuditor"
            : path.StartsWith("/storage", StringComparison.Ordinal) ? "PVEDatastoreUser" : path.StartsWith("/vms", StringComparison.Ordinal) ? "PVEVMUser" : null;
        // No role of Proxmox holds a privilege over nodes without much that is worse.
        string[] made = role is null ? [$"pveum role add Jarvis-{wanted[0]} --privs {wanted[0]}"] : [];
        role ??= $"Jarvis-{wanted[0]}";
        string[] cure =
        [
            .. made,
            $"pveum acl modify {path} --roles {role} --users '{tokenId.Split('!')[0]}'",
            $"pveum acl modify {path} --roles {role} --tokens '{tokenId}'",
        ];
        return new(StatusCodes.Status403Forbidden, "PROXMOX_FORBIDDEN", $"The token may not see this: {failure.Reason}. Paste on a node, as root: {string.Join(" ; ", cure)}", cure);
    }
}
