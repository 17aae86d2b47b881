using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Jarvis.Server.Hosting;

/// <summary>The public options classes of the program as people set them: found by name, <c>AuthOptions</c> being the section
/// <c>Auth</c>; a constant <c>Section</c> says otherwise, and ends in <c>:*</c> for a list.</summary>
internal sealed record SettingsClass(Type Type, string Section, bool Many)
{
    public static IReadOnlyList<SettingsClass> In(Assembly assembly) =>
    [
        .. from type in assembly.GetExportedTypes() // GetTypes() loads what private types mention too, the simulator included
           where type is { IsClass: true, IsAbstract: false, IsNested: false } && type.Name.EndsWith("Options", StringComparison.Ordinal)
           let section = type.GetField("Section", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)?.GetRawConstantValue() as string
               ?? type.Name[..^"Options".Length]
           let many = section.EndsWith(":*", StringComparison.Ordinal)
           orderby section
           select new SettingsClass(type, many ? section[..^2] : section, many),
    ];

    public static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite);
}

/// <summary>Says what a setting takes.</summary>
internal static class Legal
{
    /// <summary>The element type of a list, else null.</summary>
    public static Type? Element(Type type) =>
        type != typeof(string) && type.GetInterfaces().Append(type)
            .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)) is { } list
            ? list.GetGenericArguments()[0] : null;

    /// <summary>A class of settings within a class of settings.</summary>
    public static bool IsNested(Type type) => type.IsClass && type.Assembly == typeof(Legal).Assembly;

    public static string For(PropertyInfo property)
    {
        var element = Element(property.PropertyType);
        var type = Nullable.GetUnderlyingType(element ?? property.PropertyType) ?? element ?? property.PropertyType;
        var range = property.GetCustomAttribute<RangeAttribute>();
        var span = range is null ? "" : $" from {range.Minimum} to {range.Maximum}";
        var words = type switch
        {
            _ when type == typeof(bool) => "true or false",
            { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(type)),
            _ when type == typeof(int) || type == typeof(long) => $"a whole number{span}",
            _ when type == typeof(double) || type == typeof(decimal) => $"a number{span}",
            _ when type == typeof(TimeSpan) => $"a duration as hh:mm:ss{span}",
            _ when type == typeof(DateOnly) => "a date as 2026-11-30",
            _ when type == typeof(Uri) => "an absolute address, as https://host:port",
            _ when property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern =>
                pattern.ErrorMessage?.Replace("{0} must be ", "", StringComparison.Ordinal).TrimEnd('.') ?? $"text that matches {pattern.Pattern}",
            _ when property.GetCustomAttribute<MaxLengthAttribute>() is { } most && element is null => $"text of at most {most.Length} characters",
            _ => "text",
        };
        return element is null ? words : $"a list, each {words}";
    }
}
