using System.Text.Json;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>Users and groups.</summary>
internal static class UsersApi
{
    private static readonly Privileges Sight = Privileges.Of("User.Modify", "Sys.Audit");

    public static void List(Call call, Utf8JsonWriter json)
    {
        var all = call.Rights.HasAny("/access/groups", Sight);
        var users = call.Context.Access.Accounts.Where(a => all || a.Id == call.Rights.Principal.User);
        if (call.Arguments.ContainsKey("enabled"))
        {
            users = users.Where(a => a.Enabled == call.Flag("enabled"));
        }
        json.Objects(users, account =>
        {
            json.WriteString("userid"u8, account.Id);
            json.WriteString("realm-type"u8, account.Realm);
            WriteFacts(account, json);
            if (call.Flag("full"))
            {
                json.WriteString("groups"u8, string.Join(',', account.Groups));
                json.WritePropertyName("tokens"u8);
                json.Objects(account.Tokens.Values, token => TokensApi.Write(token, json));
            }
        });
    }

    public static void Read(Call call, Utf8JsonWriter json)
    {
        var account = call.Context.Access.Require(call.Path["userid"]);
        json.WriteStartObject();
        WriteFacts(account, json);
        json.Texts("groups"u8, account.Groups);
        json.WriteStartObject("tokens"u8);
        foreach (var token in account.Tokens.Values)
        {
            json.WriteStartObject(token.Id);
            TokensApi.WriteFacts(token, json);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void Add(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        var id = call.Text("userid");
        if (Formats.Check("userid", id) is { } wrong)
        {
            throw PveException.Parameter("userid", wrong);
        }
        if (!id.EndsWith("@pam", StringComparison.Ordinal) && !id.EndsWith("@pve", StringComparison.Ordinal))
        {
            throw PveException.Parameter("userid", $"domain '{id[(id.LastIndexOf('@') + 1)..]}' does not exist");
        }
        var groups = call.Items("groups").Select(call.Context.Access.RequireGroup).ToArray();
        var account = call.Context.Access.Add(id);
        if (call.Optional("password") is { } password)
        {
            account.Password = new Secret(password, Secret.Stretched);
        }
        Apply(call, account);
        account.Groups.UnionWith(groups);
    }

    public static void Update(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        var account = call.Context.Access.Require(call.Path["userid"]);
        Apply(call, account);
        if (call.Arguments.ContainsKey("groups"))
        {
            var groups = call.Items("groups").Select(call.Context.Access.RequireGroup).ToArray();
            if (!call.Flag("append"))
            {
                account.Groups.Clear();
            }
            account.Groups.UnionWith(groups);
        }
    }

    public static void Remove(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        call.Context.Access.Remove(call.Path["userid"]);
    }

    public static void Groups(Call call, Utf8JsonWriter json)
    {
        var all = call.Rights.HasAny("/access/groups", Privileges.Of("User.Modify", "Sys.Audit", "Group.Allocate"));
        json.Objects(call.Context.Access.Groups.Where(_ => all), group =>
        {
            json.WriteString("groupid"u8, group.Key);
            json.OptionalText("comment"u8, group.Value);
            json.WriteString("users"u8, string.Join(',', Members(call, group.Key)));
        });
    }

    public static void ReadGroup(Call call, Utf8JsonWriter json)
    {
        var id = call.Context.Access.RequireGroup(call.Path["groupid"]);
        json.WriteStartObject();
        json.OptionalText("comment"u8, call.Context.Access.Groups.First(g => g.Key == id).Value);
        json.Texts("members"u8, Members(call, id));
        json.WriteEndObject();
    }

    public static void AddGroup(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        call.Context.Access.AddGroup(call.Text("groupid"), call.Optional("comment") ?? "");
    }

    private static IEnumerable<string> Members(Call call, string group) =>
        call.Context.Access.Accounts.Where(a => a.Groups.Contains(group)).Select(a => a.Id);

    private static void Apply(Call call, Account account)
    {
        account.Enabled = call.Flag("enable", account.Enabled);
        account.Expire = call.Number("expire") ?? account.Expire;
        account.Comment = call.Optional("comment") ?? account.Comment;
        account.Email = call.Optional("email") ?? account.Email;
        account.FirstName = call.Optional("firstname") ?? account.FirstName;
        account.LastName = call.Optional("lastname") ?? account.LastName;
    }

    private static void WriteFacts(Account account, Utf8JsonWriter json)
    {
        json.Flag("enable"u8, account.Enabled);
        json.WriteNumber("expire"u8, account.Expire);
        json.OptionalText("comment"u8, account.Comment);
        json.OptionalText("email"u8, account.Email);
        json.OptionalText("firstname"u8, account.FirstName);
        json.OptionalText("lastname"u8, account.LastName);
    }
}
