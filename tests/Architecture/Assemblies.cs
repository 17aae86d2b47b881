using System.Reflection;
using System.Runtime.CompilerServices;

namespace Jarvis.Architecture;

/// <summary>The assemblies of the product and the types that people wrote in them.</summary>
internal static class Assemblies
{
    public static readonly Assembly Proxmox = Assembly.Load("Jarvis.Proxmox");
    public static readonly Assembly Safety = Assembly.Load("Jarvis.Safety");
    public static readonly Assembly Simulator = Assembly.Load("Jarvis.Simulator");
    public static readonly Assembly Server = Assembly.Load("Jarvis.Server");

    public static IEnumerable<Assembly> All => [Proxmox, Safety, Simulator, Server];

    /// <summary>No compiler's or source generator's types, no migrations.</summary>
    public static IEnumerable<Type> Types =>
        from assembly in All
        from type in assembly.GetTypes()
        let space = type.Namespace ?? ""
        where space.StartsWith("Jarvis.", StringComparison.Ordinal)
        where !space.EndsWith(".Migrations", StringComparison.Ordinal)
        where !type.Name.Contains('<', StringComparison.Ordinal) && !Generated(type)
        select type;

    private static bool Generated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.DeclaringType is { } outer && Generated(outer);
}
