using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Jarvis.Architecture;

/// <summary>The house style as far as reflection can see it.</summary>
public sealed class ShapeTests
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Misc", "Impl", "Base"];

    private static readonly Type[] Mutable =
    [
        typeof(Dictionary<,>), typeof(List<>), typeof(HashSet<>), typeof(Queue<>), typeof(Stack<>), typeof(SortedDictionary<,>),
        typeof(ConcurrentDictionary<,>), typeof(ConcurrentQueue<>), typeof(ConcurrentBag<>), typeof(ConditionalWeakTable<,>),
        typeof(AsyncLocal<>), typeof(ThreadLocal<>), typeof(StringBuilder), typeof(SemaphoreSlim), typeof(HttpClient), typeof(Random),
    ];

    [Fact]
    public void The_rules_see_every_assembly() =>
        Assert.All(Assemblies.All, assembly => Assert.NotEmpty(assembly.GetTypes()));

    [Fact]
    public void An_interface_has_two_implementations_or_is_a_hub() =>
        Expect.None(
            from type in Assemblies.Types
            where type.IsInterface && !type.Namespace!.EndsWith(".Hubs", StringComparison.Ordinal)
            where Assemblies.Types.Count(t => t is { IsInterface: false, IsAbstract: false } && Implements(t, type)) < 2
            select type.FullName);

    [Fact]
    public void Types_have_names_that_say_what_they_are() =>
        Expect.None(
            from type in Assemblies.Types
            from word in EmptyWords
            where type.Name.EndsWith(word, StringComparison.Ordinal)
            select type.FullName);

    [Fact]
    public void Nothing_static_changes() =>
        Expect.None(
            from type in Assemblies.Types
            from field in type.GetFields(Static)
            where !field.IsLiteral && !field.IsDefined(typeof(CompilerGeneratedAttribute)) && !field.Name.Contains('<', StringComparison.Ordinal)
            where !field.IsInitOnly || IsMutable(field.FieldType)
            where !type.IsAssignableTo(typeof(System.Text.Json.Serialization.JsonSerializerContext))
            select $"{type.FullName}.{field.Name}");

    [Fact]
    public void Static_properties_cannot_be_set() =>
        Expect.None(
            from type in Assemblies.Types
            from property in type.GetProperties(Static)
            where property.SetMethod is not null
            select $"{type.FullName}.{property.Name}");

    [Fact]
    public void A_class_is_sealed_unless_something_derives_from_it() =>
        Expect.None(
            from type in Assemblies.Types
            where type is { IsClass: true, IsSealed: false, IsAbstract: false }
            where !Assemblies.Types.Any(t => t.BaseType == type || t.BaseType is { IsGenericType: true } b && b.GetGenericTypeDefinition() == type)
            select type.FullName);

    [Fact]
    public void A_cancellation_token_comes_last() =>
        Expect.None(
            from type in Assemblies.Types
            from method in type.GetMethods(Static | BindingFlags.Instance)
            where !method.Name.Contains('<', StringComparison.Ordinal)
            let types = method.GetParameters().Select(p => p.ParameterType).ToList()
            where types.Contains(typeof(CancellationToken)) && types[^1] != typeof(CancellationToken)
            select $"{type.FullName}.{method.Name}");

    private static bool Implements(Type type, Type contract) =>
        type.GetInterfaces().Any(i => i == contract || i.IsGenericType && i.GetGenericTypeDefinition() == contract);

    private static bool IsMutable(Type type) =>
        Mutable.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
}
