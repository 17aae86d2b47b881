using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Jarvis.Safety;

namespace Jarvis.Server.Tests.Gate.SafetyCases;

/// <summary>What a caller was told: how the call ended, its verdict, and every word it was given.</summary>
internal sealed record Said(string Outcome, string? Verdict, string? AuditId, string Given);

/// <summary>One way in which calls come to the gate, in the name of one person. A further channel is a further class here and a
/// name in <see cref="All"/>; every case then runs over it, too.</summary>
internal abstract class Channel(CaseRig rig, Person person)
{
    public static readonly string[] All = ["rest", "mcp", "model"];

    public static Channel Of(string name, CaseRig rig, Person person) => name switch
    {
        "rest" => new RestChannel(rig, person),
        "mcp" => new McpChannel(rig, person),
        "model" => new ModelChannel(rig, person),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such channel."),
    };

    protected CaseRig Rig => rig;

    public Person Person => person;

    /// <summary>Calls a tool with arguments as they stand.</summary>
    public abstract Task<Said> SendAsync(string tool, string arguments);

    /// <summary>Repeats a call for which a person was asked, as this channel repeats one.</summary>
    public abstract Task<Said> RepeatAsync(Approval approval, string tool, string arguments);
}

/// <summary>A signed-in person's requests. Who approves one has it run: there is no other way to use an approval.</summary>
internal sealed class RestChannel(CaseRig rig, Person person) : Channel(rig, person)
{
    public override async Task<Said> SendAsync(string tool, string arguments) =>
        Read(await Rig.Tools.SendAsync($$"""{"tool":{{JsonSerializer.Serialize(tool)}},"args":{{arguments}}}""", await Person.BearerAsync()));

    public override async Task<Said> RepeatAsync(Approval approval, string tool, string arguments) =>
        Read(await Rig.Tools.SendAsync("""{"decision":"approve"}""", await Person.BearerAsync(), $"/api/approvals/{approval.Id}/decide"));

    public static Said Read((HttpStatusCode Status, JsonElement Answer) answered)
    {
        var (status, answer) = answered;
        if (answer.ValueKind != JsonValueKind.Object) return new(status == HttpStatusCode.NoContent ? "denied" : $"{status}", null, null, "");
        return answer.TryGetProperty("code", out var code)
            ? new("refused", code.GetString(), answer.TryGetProperty("auditId", out var id) ? id.GetString() : null, answer.GetRawText())
            : new(answer.GetProperty("outcome").GetString()!, answer.GetProperty("verdict").GetString(), answer.GetProperty("auditId").GetString(), answer.GetRawText());
    }
}

/// <summary>A program that speaks MCP with a token of the person's; its calls are JSON-RPC requests to the product's endpoint.</summary>
internal sealed class McpChannel : Channel
{
    private const string Modern =
        """ "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"elicitation":{"url":{}}}} """;

    public McpChannel(CaseRig rig, Person person)
        : base(rig, person) => Token = rig.NewToken(person);

    public string Token { get; }

    public override async Task<Said> SendAsync(string tool, string arguments) => await ReadAsync((await PostAsync(Call(tool, arguments, ""))).Body);

    public override Task<Said> RepeatAsync(Approval approval, string tool, string arguments) => SendAsync(tool, arguments);

    /// <summary>As a client of the newest revision, which is handed something to repeat the call by.</summary>
    public async Task<(Said Said, string? State)> SendModernAsync(string tool, string arguments, string? state = null, string? header = null)
    {
        var again = state is null ? "" : $$$""","requestState":{{{JsonSerializer.Serialize(state)}}},"inputResponses":{"approval":{"action":"accept"}}""";
        var (_, body) = await PostAsync(
            Call(tool, arguments, $",{Modern}{again}"), ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", header ?? tool));
        var given = body.TryGetProperty("result", out var result) && result.TryGetProperty("requestState", out var handed) ? handed.GetString() : null;
        return (await ReadAsync(body), given);
    }

    private async Task<(int Status, JsonElement Body)> PostAsync(string message, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(message, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await Rig.Tools.Running(Rig.Http.SendAsync(request, CaseRig.Stop));
        var text = await answer.Content.ReadAsStringAsync(CaseRig.Stop);
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream") text = text.Split('\n').Last(l => l.StartsWith("data:", StringComparison.Ordinal))["data:".Length..];
        return ((int)answer.StatusCode, text.TrimStart().StartsWith('{') ? JsonElement.Parse(text) : default);
    }

    /// <summary>Sends a message as it stands.</summary>
    public async Task<Said> SendMessageAsync(string message) => await ReadAsync((await PostAsync(message)).Body);

    private static string Call(string tool, string arguments, string more) =>
        $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{{{JsonSerializer.Serialize(tool)}}},"arguments":{{{arguments}}}{{{more}}}}}""";

    /// <summary>The protocol has no verdicts: of a call that was not refused it is the one in the audit.</summary>
    private async Task<Said> ReadAsync(JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Undefined) return new("refused", null, null, "");
        if (body.TryGetProperty("error", out var error)) return Refused(error.GetProperty("message").GetString()!, null, body.GetRawText());
        Assert.True(body.TryGetProperty("result", out var result), body.ToString());
        if (result.TryGetProperty("resultType", out var type) && type.GetString() == "input_required") return new("waiting", null, null, body.GetRawText());
        var fields = result.GetProperty("structuredContent");
        var (outcome, id) = (fields.GetProperty("outcome").GetString()!, fields.GetProperty("auditId").GetString()!);
        if (outcome == "refused") return Refused(fields.GetProperty("text").GetString()!, id, body.GetRawText());
        var rows = await Task.Run(() => Rig.Kernel.Audit.Of(id));
        return new(outcome, rows.Count > 0 ? rows[0].Verdict : null, id, body.GetRawText());
    }

    /// <summary>What the protocol itself refuses has no verdict in its answer.</summary>
    private static Said Refused(string text, string? id, string given) =>
        new("refused", text.Split(':')[0].Split(' ')[^1] is var code && code.StartsWith("DENY_", StringComparison.Ordinal) ? code : null, id, given);
}

/// <summary>A model in a person's conversation, which obeys whatever it has read: it calls the door in process, and is given what
/// the door gives.</summary>
internal sealed class ModelChannel(CaseRig rig, Person person) : Channel(rig, person)
{
    private static int _conversations;

    public Turn Turn { get; set; } = new("chat", $"c{Interlocked.Increment(ref _conversations).ToString(CultureInfo.InvariantCulture)}") { Reason = "The user has approved this." };

    public Caller.Model Caller => new() { User = Person.Name, Role = Person.Role };

    public override async Task<Said> SendAsync(string tool, string arguments) =>
        Read(await Rig.Tools.Running(Rig.Kernel.Invoker.InvokeAsync(tool, Encoding.UTF8.GetBytes(arguments), Caller, Turn, CaseRig.Stop)), Turn);

    public override Task<Said> RepeatAsync(Approval approval, string tool, string arguments) => RedeemAsync(approval.Id, tool, arguments);

    public async Task<Said> RedeemAsync(string approval, string tool, string arguments) =>
        Read(await Rig.Tools.Running(Rig.Kernel.Invoker.RedeemAsync(approval, tool, Encoding.UTF8.GetBytes(arguments), Caller, Turn, CaseRig.Stop)), Turn);

    private static Said Read(ToolOutcome outcome, Turn turn)
    {
        var (name, words) = outcome switch
        {
            ToolOutcome.Completed done => ("completed", done.Output.Text),
            ToolOutcome.Failed failed => ("failed", failed.Why),
            ToolOutcome.Refused => ("refused", outcome.Verdict.Why),
            ToolOutcome.Waiting => ("waiting", outcome.Verdict.Why),
            ToolOutcome.Unknown unknown => ("unknown", unknown.Why),
            _ => ("running", ""),
        };
        return new(name, outcome.Verdict.Name, outcome.AuditId, turn.Tainted ? turn.Wrap(turn.Taints[^1], words) : words);
    }
}
