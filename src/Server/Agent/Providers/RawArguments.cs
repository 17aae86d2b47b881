using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>The arguments of a call as its peer wrote them. A dictionary keeps the last of two equal names; the door wants to see both.</summary>
internal static class RawArguments
{
    private const string Text = "raw_arguments";
    private const string Flaw = "flaw";

    /// <summary>The bytes to bring to the door; null for a call that must not run, or that was made by neither a provider nor <see cref="Call"/>.</summary>
    public static ReadOnlyMemory<byte>? Of(FunctionCallContent call) =>
        FlawOf(call) is null && Property(call, Text) is { } raw ? new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(raw)) : default(ReadOnlyMemory<byte>?);

    /// <summary>Why a call must not run, in words for the model; null when it may be brought to the door.</summary>
    public static string? FlawOf(FunctionCallContent call) => Property(call, Flaw);

    /// <summary>A call with its arguments as text. One that cannot be read keeps none, so that the history stays valid on every wire.</summary>
    public static FunctionCallContent Call(string id, string name, string json, string? flaw = null)
    {
        var arguments = new Dictionary<string, object?>();
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) flaw ??= "The arguments are not a JSON object.";
            else if (flaw is null) foreach (var property in document.RootElement.EnumerateObject()) arguments[property.Name] = property.Value.Clone();
        }
        catch (JsonException)
        {
            flaw ??= "The arguments are not valid JSON.";
        }

        var call = new FunctionCallContent(id, name, arguments) { AdditionalProperties = new() { [Text] = json } };
        if (flaw is not null) call.AdditionalProperties[Flaw] = flaw;
        return call;
    }

    // A history that was stored and read again holds JSON elements.
    private static string? Property(FunctionCallContent call, string name) => call.AdditionalProperties?.GetValueOrDefault(name) switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } element => element.GetString(),
        _ => null,
    };
}
