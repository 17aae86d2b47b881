namespace Jarvis.Simulator.Api;

/// <summary>Finds the endpoint of a method and path; a last segment <c>{name*}</c> takes the rest of the path.</summary>
internal sealed class Routes
{
    private readonly Branch root = new();

    public Routes(IEnumerable<Endpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            var branch = root;
            foreach (var segment in endpoint.Segments)
            {
                branch = branch.Grow(segment);
            }
            branch.Methods.Add(endpoint.Method, endpoint);
        }
    }

    /// <summary>The endpoint and the values of its path parameters, or null.</summary>
    public Endpoint? Find(string method, IReadOnlyList<string> path, IDictionary<string, string> values)
    {
        var branch = root;
        for (var i = 0; i < path.Count; i++)
        {
            if (branch.Literal.TryGetValue(path[i], out var next))
            {
                branch = next;
            }
            else if (branch.Any is { } any)
            {
                values[any.Name] = any.Tail ? string.Join('/', path.Skip(i)) : path[i];
                branch = any.Branch;
                if (any.Tail)
                {
                    break;
                }
            }
            else
            {
                return null;
            }
        }
        return branch.Methods.GetValueOrDefault(method);
    }

    /// <summary>The literal names below a path, as directory listings show them; null when nothing is there.</summary>
    public IReadOnlyList<string>? Below(IReadOnlyList<string> path)
    {
        var branch = root;
        foreach (var segment in path)
        {
            var next = branch.Literal.GetValueOrDefault(segment) ?? branch.Any?.Branch;
            if (next is null)
            {
                return null;
            }
            branch = next;
        }
        return branch.Literal.Count == 0 ? null : [.. branch.Literal.Keys];
    }

    private sealed class Branch
    {
        public Dictionary<string, Branch> Literal { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, Endpoint> Methods { get; } = new(StringComparer.Ordinal);
        public (string Name, bool Tail, Branch Branch)? Any { get; private set; }

        public Branch Grow(string segment)
        {
            if (!segment.StartsWith('{'))
            {
                return Literal.TryGetValue(segment, out var known) ? known : Literal[segment] = new Branch();
            }
            var name = segment.Trim('{', '}');
            Any ??= (name.TrimEnd('*'), name.EndsWith('*'), new Branch());
            return Any.Value.Branch;
        }
    }
}
