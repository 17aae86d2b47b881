using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

namespace Jarvis.Safety.Arguments;

/// <summary>Reads what a method or a record takes from its signature; what it cannot bind is a problem of the start.</summary>
internal sealed class Signature(string where, ICollection<string> problems)
{
    public const int MostText = 10_000;
    public const int MostItems = 100;
    private readonly NullabilityInfoContext _nullability = new();

    public static bool IsGiven(Type type) => type == typeof(CancellationToken) || type == typeof(ToolRun);

    public static string NameOf(string member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    public Fields Read(IEnumerable<ParameterInfo> parameters) => new([.. parameters.Where(p => !IsGiven(p.ParameterType)).Select(Read)]);

    private Parameter Read(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var nullable = type != parameter.ParameterType || !type.IsValueType && _nullability.Create(parameter).WriteState == NullabilityState.Nullable;
        var usual = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        if (usual is not null && type.IsEnum) usual = Enum.ToObject(type, usual);
        if (parameter.HasDefaultValue && usual is null && !nullable) problems.Add($"{where}: {parameter.Name} has no default that can be told; make it nullable");
        var target = parameter.GetCustomAttribute<TargetAttribute>();
        if (target is not null && !MayName(target.Kind, ElementOf(type) ?? type)) problems.Add($"{where}: {parameter.Name} cannot name a {target.Kind}");
        return new Parameter
        {
            Name = NameOf(parameter.Name!),
            Member = parameter.Name!,
            Type = type,
            Shape = ShapeOf(type, parameter),
            Required = !parameter.HasDefaultValue,
            Default = usual,
            NullIsLegal = nullable && parameter.HasDefaultValue,
            Target = target,
            Description = parameter.GetCustomAttribute<DescriptionAttribute>()?.Description,
        };
    }

    private Shape ShapeOf(Type type, ParameterInfo parameter)
    {
        if (ElementOf(type) is { } element)
        {
            var (least, most) = Lengths(parameter, MostItems);
            return new Several(element, ScalarOf(element, null) ?? EntityOf(element, parameter), least, most);
        }
        return ScalarOf(type, parameter) ?? EntityOf(type, parameter);
    }

    private static Shape? ScalarOf(Type type, ParameterInfo? parameter)
    {
        var range = parameter?.GetCustomAttribute<RangeAttribute>();
        var (least, most) = Lengths(parameter, MostText);
        return type switch
        {
            _ when type == typeof(string) => new FreeText(least, most),
            _ when type == typeof(int) => new WholeNumber(range?.Minimum as int? ?? int.MinValue, range?.Maximum as int? ?? int.MaxValue, wide: false),
            _ when type == typeof(long) => new WholeNumber(range?.Minimum as int? ?? long.MinValue, range?.Maximum as int? ?? long.MaxValue, wide: true),
            _ when type == typeof(double) => new RealNumber(range?.Minimum as double? ?? -1e9, range?.Maximum as double? ?? 1e9),
            _ when type == typeof(bool) => new Truth(),
            _ when type.IsEnum => new Choice(type),
            _ when type == typeof(VmId) => new GuestNumber(),
            _ when type == typeof(GuestRef) => new GuestName(),
            _ when type == typeof(ClusterKey) => new Named<ClusterKey>(),
            _ when type == typeof(NodeName) => new Named<NodeName>(),
            _ when type == typeof(StorageId) => new Named<StorageId>(),
            _ when type == typeof(ServiceUnit) => new Named<ServiceUnit>(),
            _ when type == typeof(PackageName) => new Named<PackageName>(),
            _ when type == typeof(VolumeId) => new Named<VolumeId>(),
            _ when type == typeof(SnapshotName) => new Named<SnapshotName>(),
            _ when type == typeof(TaskId) => new Named<TaskId>(),
            _ when type == typeof(Moment) => new Named<Moment>(),
            _ => null,
        };
    }

    private Shape EntityOf(Type type, ParameterInfo parameter)
    {
        if (type is { IsClass: true, IsAbstract: false } && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true
            && type.GetConstructors() is [var constructor] && constructor.GetParameters() is { Length: > 0 } members
            && members.All(m => type.GetProperty(m.Name!) is not null && m.ParameterType != type))
        {
            return new Entity(constructor, new Signature($"{where}: {parameter.Name}", problems).Read(members));
        }
        problems.Add($"{where}: {parameter.Name} is a {type.Name}, which no argument can be");
        return new Truth();
    }

    private static (int Least, int Most) Lengths(ParameterInfo? parameter, int most)
    {
        if (parameter?.GetCustomAttribute<LengthAttribute>() is { } both) return (both.MinimumLength, both.MaximumLength);
        return (parameter?.GetCustomAttribute<MinLengthAttribute>()?.Length ?? 0, parameter?.GetCustomAttribute<MaxLengthAttribute>()?.Length ?? most);
    }

    private static Type? ElementOf(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0]
        : null;

    private static bool MayName(Kind kind, Type type) => kind switch
    {
        Kind.Guest => type == typeof(GuestRef) || type == typeof(VmId),
        Kind.Node => type == typeof(NodeName),
        Kind.Service => type == typeof(ServiceUnit),
        Kind.Storage => type == typeof(StorageId),
        Kind.Volume => type == typeof(VolumeId),
        _ => type == typeof(string),
    };
}
