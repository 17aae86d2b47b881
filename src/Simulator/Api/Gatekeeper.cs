using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>The checks of the table before a handler runs: privileges, then parameters.</summary>
internal static class Gatekeeper
{
    /// <summary>No sign-in needed.</summary>
    public const string World = "world";

    /// <summary>Signed in; the handler filters.</summary>
    public const string All = "all";

    /// <summary>Only root@pam itself.</summary>
    public const string Root = "root";

    /// <summary>Privileges read as "/path A+B" (all) or "/path A|B" (any), alternatives split by " or ", further demands by " and ".</summary>
    public static void CheckPrivileges(Call call)
    {
        var rule = call.Endpoint.Privileges;
        if (rule is World or All)
        {
            return;
        }
        if (rule == Root)
        {
            _ = call.Rights.Principal.IsRoot ? true
                : throw new PveException(403, "Permission check failed (user != root@pam)");
            return;
        }
        foreach (var demand in rule.Split(" and "))
        {
            var alternatives = demand.Split(" or ");
            if (!Array.Exists(alternatives, a => Holds(call, a)))
            {
                var (path, privileges) = Expand(call, alternatives[0]);
                throw Rights.Denied(path, privileges.Replace("+", ", ", StringComparison.Ordinal));
            }
        }
    }

    public static void CheckParameters(Call call)
    {
        var errors = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in call.Arguments)
        {
            var parameter = call.Endpoint.Find(name);
            var problem = parameter is not null ? parameter.Check(values)
                : call.Path.ContainsKey(name) ? null
                : "property is not defined in schema and the schema does not allow additional properties";
            if (problem is not null)
            {
                errors[name] = problem + "\n";
            }
        }
        foreach (var parameter in call.Endpoint.Declared)
        {
            if (!parameter.Optional && !call.Arguments.ContainsKey(parameter.Name))
            {
                errors[parameter.Name] = "property is missing and it is not optional\n";
            }
        }
        foreach (var (name, value) in call.Path)
        {
            var format = name is "vmid" or "node" or "storage" or "snapname"
                ? Parameter.Parse($"{name}:{name}").Check([value]) : null;
            if (format is not null)
            {
                errors[name] = format + "\n";
            }
        }
        if (errors.Count > 0)
        {
            throw new PveException(400, "Parameter verification failed.", errors);
        }
    }

    private static bool Holds(Call call, string rule)
    {
        var (path, privileges) = Expand(call, rule);
        return privileges == "self"
            ? call.Rights.Principal.User == call.Optional("userid")
            : privileges.Contains('|', StringComparison.Ordinal)
                ? call.Rights.HasAny(path, Privileges.Of(privileges.Split('|')))
                : call.Rights.Has(path, Privileges.Of(privileges.Split('+')));
    }

    private static (string Path, string Privileges) Expand(Call call, string rule)
    {
        var space = rule.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
        {
            return ("/access", rule);
        }
        var path = rule[..space];
        for (var open = path.IndexOf('{', StringComparison.Ordinal); open >= 0; open = path.IndexOf('{',
            StringComparison.Ordinal))
        {
            var close = path.IndexOf('}', open);
            var name = path[(open + 1)..close];
            var value = name == "node" ? call.Node : call.Optional(name) ?? "";
            path = path[..open] + value + path[(close + 1)..];
        }
        return (path.Length > 1 ? path.TrimEnd('/') : path, rule[(space + 1)..]);
    }
}
