using System.Text.Json;
using Jarvis.Safety.Arguments;

namespace Jarvis.Safety;

/// <summary>A declared tool. Anyone may read what it is; only this assembly can run it.</summary>
public sealed class Tool
{
    private readonly ToolMethod _body;
    private readonly ToolMethod? _plan;
    private readonly ToolMethod? _raise;
    private readonly Lazy<JsonElement?> _result;

    internal Tool(string name, string description, ToolAttribute mark, bool clusterWide, Fields fields, Type given, ToolMethod body, ToolMethod? plan, ToolMethod? raise)
    {
        (Name, Description, ClusterWide, Fields) = (name, description, clusterWide, fields);
        (Tier, Outside, Sends, Unrecorded, SnapshotFirst) = (mark.Tier, mark.Outside, mark.Sends, mark.Unrecorded, mark.SnapshotFirst);
        Timeout = TimeSpan.FromSeconds(mark.TimeoutSeconds);
        (_body, _plan, _raise) = (body, plan, raise);
        Schema = JsonSerializer.SerializeToElement(fields.Schema(), SafetyJson.Default.JsonObject);
        _result = new(() => OutputPolicy.SchemaOf(given));
    }

    public string Name { get; }
    public string Description { get; }
    public Tier Tier { get; }
    public bool Outside { get; }
    public bool Sends { get; }
    public bool ClusterWide { get; }
    public bool SnapshotFirst { get; }
    public bool Unrecorded { get; }
    public TimeSpan Timeout { get; }

    /// <summary>The JSON schema of its arguments.</summary>
    public JsonElement Schema { get; }

    /// <summary>The JSON schema of what it gives when that is not cut; null when it gives text or nothing.</summary>
    public JsonElement? ResultSchema => _result.Value;

    public bool HasPlan => _plan is not null;

    public bool CanBeRaised => _raise is not null;

    internal Fields Fields { get; }

    internal ValueTask<object?> InvokeAsync(object?[] values, ToolRun run, CancellationToken cancellationToken) =>
        _body.InvokeAsync(values, run, cancellationToken);

    internal async ValueTask<Plan?> PlanAsync(object?[] values, CancellationToken cancellationToken) =>
        _plan is null ? null : (Plan?)await _plan.InvokeAsync(values, null, cancellationToken);

    internal Raised? RaisedBy(object?[] values) => (Raised?)_raise?.Invoke(values, null, CancellationToken.None);
}
