using System.Data.Common;
using Jarvis.Server.Auth;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Setup;

/// <summary>What is left to set up, for whom it matters.</summary>
public sealed class FirstStart(
    SetupLink link, SetupStore store, IEnumerable<SetupStep> steps, AdminPassword admin, IReadOnlyList<ClusterOptions> configured,
    IOptions<SetupOptions> options, EventLog events)
{
    private const string Demo = "demo";

    public async Task<SetupState> StateAsync(CurrentUser? user, CancellationToken cancellationToken)
    {
        var needsAdmin = await link.IsNeededAsync(cancellationToken);
        if (user is not { Role: Role.Admin }) return new(needsAdmin, false, []);
        try
        {
            var views = new List<SetupStepView>();
            foreach (var step in steps.OrderBy(s => s.Order)) views.Add(new(step.Id, step.Title, await step.IsDoneAsync(cancellationToken), step.Required));
            return new(needsAdmin, IsWorthOffering && !await store.IsFinishedAsync(cancellationToken), views);
        }
        catch (DbException)
        {
            return new(needsAdmin, false, []);
        }
    }

    public async Task FinishAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        await store.FinishAsync(user.Name, cancellationToken);
        events.TryPost(new()
        {
            Type = "setup.finished", Severity = Severity.Info, Source = Source.User, Actor = user.Name, Summary = $"{user.Name} finished the set-up",
        });
    }

    // Whoever configured both account and cluster by file knows what is there.
    private bool IsWorthOffering => options.Value.Offer && !(admin.File is not null && configured.Any(c => c.Key != Demo));
}

/// <summary>Where the set-up stands.</summary>
/// <param name="NeedsAdmin">No account exists; the one-time link makes the first.</param>
/// <param name="Offered">The set-up is to be shown to the administrator who asks.</param>
/// <param name="Steps">In order; empty unless an administrator asks.</param>
public sealed record SetupState(bool NeedsAdmin, bool Offered, IReadOnlyList<SetupStepView> Steps);

public sealed record SetupStepView(string Id, string Title, bool Done, bool Required);
