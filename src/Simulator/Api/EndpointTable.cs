namespace Jarvis.Simulator.Api;

/// <summary>Every endpoint that is simulated, with what it asks for.</summary>
internal static partial class EndpointTable
{
    private const string Audit = "/ Sys.Audit";

    public static IEnumerable<Endpoint> All() => [.. Cluster()];

    private static IEnumerable<Endpoint> Cluster() =>
    [
        Get("/version", "all", "", ClusterApi.Version),
        Get("/cluster/status", Audit, "", ClusterApi.Status),
        Get("/cluster/resources", "all", "type?:enum(vm|storage|node|sdn)", ResourcesApi.List),
        Get("/nodes", "all", "", NodesApi.List),
    ];

    private static Endpoint Get(string path, string privileges, string parameters, Handler handler) =>
        New("GET", path, privileges, parameters, handler);

    private static Endpoint Post(string path, string privileges, string parameters, Handler handler) =>
        New("POST", path, privileges, parameters, handler);

    private static Endpoint Put(string path, string privileges, string parameters, Handler handler) =>
        New("PUT", path, privileges, parameters, handler);

    private static Endpoint Delete(string path, string privileges, string parameters, Handler handler) =>
        New("DELETE", path, privileges, parameters, handler);

    private static Endpoint New(string method, string path, string privileges, string parameters, Handler handler) =>
        new(method, path, privileges, parameters, handler)
        {
            Place = path.StartsWith("/nodes/{node}/", StringComparison.Ordinal) ? Place.Node : Place.Here,
        };
}
