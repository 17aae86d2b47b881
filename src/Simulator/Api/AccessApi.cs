using System.Text.Json;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>Sign-in, permissions, roles and ACLs.</summary>
internal static class AccessApi
{
    private static readonly (string Group, string Path, string Prefix)[] Capabilities =
    [
        ("vms", "/vms", "VM."), ("storage", "/storage", "Datastore."), ("nodes", "/nodes", "Sys."), ("dc", "/", "Sys."),
        ("access", "/access", "User."), ("sdn", "/sdn", "SDN."), ("mapping", "/mapping", "Mapping."),
    ];

    public static void Probe(Call call, Utf8JsonWriter json)
    {
    }

    public static void Login(Call call, Utf8JsonWriter json)
    {
        var user = call.Text("username");
        user = user.Contains('@', StringComparison.Ordinal) ? user : $"{user}@{call.Optional("realm") ?? "pam"}";
        var account = call.Context.Authenticator.Login(user, call.Text("password"));
        var rights = call.Context.Authenticator.RightsOf(new Principal(account.Id))!;
        json.WriteStartObject();
        json.WriteString("username"u8, account.Id);
        json.WriteString("ticket"u8, call.Context.Tickets.Issue(account.Id));
        json.WriteString("CSRFPreventionToken"u8, call.Context.Tickets.IssueCsrf(account.Id));
        if (call.Cluster.Nodes.Count > 1)
        {
            json.WriteString("clustername"u8, call.Cluster.Name);
        }
        json.WriteStartObject("cap"u8);
        foreach (var (group, path, prefix) in Capabilities)
        {
            json.WriteStartObject(group);
            foreach (var name in rights.On(path).Own.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)
                || n == "Permissions.Modify"))
            {
                json.WriteNumber(name, 1);
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void CheckConsole(Call call, Utf8JsonWriter json)
    {
        if (!call.Context.Tickets.VerifyConsole(call.Text("vncticket"), call.Text("authid"), call.Text("path")))
        {
            throw new PveException(401, "invalid PVEVNC ticket");
        }
    }

    public static void ChangePassword(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        var user = call.Text("userid");
        if (call.Rights.Principal.User != user && call.Rights.Principal.User != Principal.Root)
        {
            call.Rights.Require("/access/groups", "User.Modify");
        }
        var password = call.Text("password");
        if (password.Length < 8)
        {
            throw PveException.Parameter("password", "value must be at least 8 characters long");
        }
        var account = call.Context.Access.Require(user);
        account.Password = new Secret(password, Secret.Stretched);
    }

    public static void Permissions(Call call, Utf8JsonWriter json)
    {
        var wanted = call.Optional("userid") ?? call.User;
        if (wanted != call.User && Principal.Parse(wanted).User != call.Rights.Principal.User)
        {
            call.Rights.Require("/access", "Sys.Audit");
        }
        var rights = call.Context.Authenticator.RightsOf(Principal.Parse(wanted))
            ?? throw PveException.Parameter("userid", $"no such user or token: '{wanted}'");
        json.WriteStartObject();
        foreach (var path in call.Optional("path") is { } one ? [one] : rights.Paths())
        {
            var grants = rights.On(path);
            if (grants.Own.IsEmpty)
            {
                continue;
            }
            json.WriteStartObject(path);
            foreach (var name in grants.Own.Names)
            {
                json.WriteNumber(name, grants.Propagated.Has(Privileges.Of(name)) ? 1 : 0);
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    public static void Domains(Call call, Utf8JsonWriter json) => json.Objects<(string Realm, string Comment)>(
        [("pam", "Linux PAM standard authentication"), ("pve", "Proxmox VE authentication server")], domain =>
        {
            json.WriteString("realm"u8, domain.Realm);
            json.WriteString("type"u8, domain.Realm);
            json.WriteString("comment"u8, domain.Comment);
        });

    public static void Roles(Call call, Utf8JsonWriter json) => json.Objects(call.Context.Access.Roles, role =>
    {
        json.WriteString("roleid"u8, role.Id);
        json.WriteString("privs"u8, string.Join(',', role.Privileges.Names));
        json.Flag("special"u8, role.Special);
    });

    public static void ReadRole(Call call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var name in call.Context.Access.RequireRole(call.Path["roleid"]).Privileges.Names)
        {
            json.WriteNumber(name, 1);
        }
        json.WriteEndObject();
    }

    public static void AddRole(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        call.Context.Access.AddRole(call.Text("roleid"), Privileges.Of(call.Items("privs")));
    }

    public static void ListAcl(Call call, Utf8JsonWriter json) => json.Objects(
        call.Context.Access.Acls.Where(a => call.Rights.Has(a.Path, Privileges.Of("Permissions.Modify"))), acl =>
        {
            json.WriteString("path"u8, acl.Path);
            json.WriteString("roleid"u8, acl.Role);
            json.WriteString("type"u8, acl.Kind.ToString().ToLowerInvariant());
            json.WriteString("ugid"u8, acl.Subject);
            json.Flag("propagate"u8, acl.Propagate);
        });

    public static void UpdateAcl(Call call, Utf8JsonWriter json)
    {
        var path = call.Text("path");
        path = path.Length > 1 ? path.TrimEnd('/') : path;
        if (!path.StartsWith('/'))
        {
            throw PveException.Parameter("path", $"invalid ACL path '{path}'");
        }
        call.Rights.Require(path, "Permissions.Modify");
        call.Cluster.RequireQuorum(call.LocalNode);
        var access = call.Context.Access;
        var users = call.Items("users").Select(u => (AclKind.User, access.Require(u).Id));
        var groups = call.Items("groups").Select(g => (AclKind.Group, access.RequireGroup(g)));
        var tokens = call.Items("tokens").Select(t => (AclKind.Token, access.RequireToken(t)));
        foreach (var (kind, subject) in users.Concat(groups).Concat(tokens).ToArray())
        {
            foreach (var role in call.Items("roles"))
            {
                var acl = new Acl(path, kind, subject, access.RequireRole(role).Id, call.Flag("propagate", true));
                if (call.Flag("delete"))
                {
                    access.Withdraw(acl);
                }
                else
                {
                    access.Grant(acl);
                }
            }
        }
    }
}
