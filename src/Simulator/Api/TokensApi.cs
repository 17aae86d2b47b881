using System.Text.Json;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>API tokens of a user; the secret is told once, when it is made.</summary>
internal static class TokensApi
{
    public static void List(Call call, Utf8JsonWriter json) =>
        json.Objects(Owner(call).Tokens.Values, token => Write(token, json));

    public static void Read(Call call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteFacts(Find(call), json);
        json.WriteEndObject();
    }

    public static void Add(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        RequireTicketForOthers(call);
        var (owner, id) = (Owner(call), call.Path["tokenid"]);
        if (Formats.Check("tokenid", id) is { } wrong)
        {
            throw PveException.Parameter("tokenid", wrong);
        }
        if (owner.Tokens.ContainsKey(id))
        {
            throw PveException.Parameter("tokenid", "Token already exists.");
        }
        var value = Guid.NewGuid().ToString();
        var token = new ApiToken(id, new Secret(value))
        {
            Separated = call.Flag("privsep", true),
            Expire = call.Number("expire") ?? owner.Expire,
            Comment = call.Optional("comment"),
        };
        call.Context.Access.Change(() => owner.Tokens.Add(id, token));
        WriteMade(json, owner, token, value);
    }

    public static void Update(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        RequireTicketForOthers(call);
        var token = Find(call);
        token.Separated = call.Flag("privsep", token.Separated);
        token.Expire = call.Number("expire") ?? token.Expire;
        token.Comment = call.Items("delete").Contains("comment") ? null : call.Optional("comment") ?? token.Comment;
        if (call.Flag("regenerate"))
        {
            var value = Guid.NewGuid().ToString();
            token.Secret = new Secret(value);
            WriteMade(json, Owner(call), token, value);
            return;
        }
        json.WriteStartObject();
        WriteFacts(token, json);
        json.WriteEndObject();
    }

    public static void Remove(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        RequireTicketForOthers(call);
        call.Context.Access.RemoveToken(Owner(call), Find(call).Id);
    }

    public static void Write(ApiToken token, Utf8JsonWriter json)
    {
        json.WriteString("tokenid"u8, token.Id);
        WriteFacts(token, json);
    }

    public static void WriteFacts(ApiToken token, Utf8JsonWriter json)
    {
        json.Flag("privsep"u8, token.Separated);
        json.WriteNumber("expire"u8, token.Expire);
        json.OptionalText("comment"u8, token.Comment);
    }

    private static Account Owner(Call call) => call.Context.Access.Require(call.Path["userid"]);

    private static ApiToken Find(Call call) =>
        call.Context.Access.Read(() => Owner(call).Tokens.GetValueOrDefault(call.Path["tokenid"]))
        ?? throw PveException.Failed($"no such token '{call.Path["tokenid"]}' for user '{call.Path["userid"]}'");

    private static void RequireTicketForOthers(Call call)
    {
        if (call.Rights.Principal.IsToken && call.Rights.Principal.User != call.Path["userid"])
        {
            throw new PveException(403, "Permission check failed (need proper ticket to change tokens of other users)");
        }
    }

    private static void WriteMade(Utf8JsonWriter json, Account owner, ApiToken token, string value)
    {
        json.WriteStartObject();
        json.WriteString("full-tokenid"u8, $"{owner.Id}!{token.Id}");
        json.WriteStartObject("info"u8);
        WriteFacts(token, json);
        json.WriteEndObject();
        json.WriteString("value"u8, value);
        json.WriteEndObject();
    }
}
