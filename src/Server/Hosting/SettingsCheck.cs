using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Jarvis.Server.Hosting;

/// <summary>Holds the configuration against every options class before anything is built, so that one start shows every mistake.</summary>
internal sealed class SettingsCheck(IConfiguration configuration, Assembly assembly)
{
    private static readonly string[] FrameworkSections = ["Logging", "Kestrel"];
    private readonly List<string> _errors = [];
    private readonly IReadOnlyList<SettingsClass> _classes = SettingsClass.In(assembly);

    /// <summary>One line a mistake, naming the key and what it takes.</summary>
    public IReadOnlyList<string> Errors()
    {
        _errors.Clear();
        foreach (var settings in _classes)
        {
            var section = configuration.GetSection(settings.Section);
            if (settings.Many) foreach (var one in section.GetChildren()) CheckClass(one, settings.Type);
            else CheckClass(section, settings.Type);
        }

        if (configuration.GetSection("Kestrel:Endpoints").Exists())
            _errors.Add("Kestrel:Endpoints is not used; set Server:Address and Server:Port.");
        return _errors;
    }

    /// <summary>Keys under our sections, and variables beginning <c>Jarvis__</c>, that no option has: most likely typing mistakes.</summary>
    public IReadOnlyList<string> Unknown(IEnumerable<string> variables)
    {
        var known = _classes.SelectMany(Keys).ToList();
        var sections = _classes.Select(c => c.Section.Split(':')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var configured = configuration.AsEnumerable().Where(pair => pair.Value is not null && pair.Key.Contains(':', StringComparison.Ordinal) && sections.Contains(pair.Key.Split(':')[0])).Select(pair => pair.Key);
        var fromEnvironment = variables.Where(v => v.StartsWith("Jarvis__", StringComparison.OrdinalIgnoreCase))
            .Select(v => v["Jarvis__".Length..].Replace("__", ":", StringComparison.Ordinal))
            .Where(k => !FrameworkSections.Contains(k.Split(':')[0], StringComparer.OrdinalIgnoreCase));
        return
        [
            .. from key in configured.Concat(fromEnvironment).Distinct(StringComparer.OrdinalIgnoreCase)
               where !known.Any(k => Fits(k, key))
               orderby key
               let near = known.MinBy(k => Distance(k, key))
               select Distance(near, key) <= 3 ? $"{key} is not a setting; did you mean {near}?" : $"{key} is not a setting; see docs/configuration.md.",
        ];
    }

    private void CheckClass(IConfigurationSection section, Type type)
    {
        var before = _errors.Count;
        foreach (var property in SettingsClass.Properties(type)) CheckConversion(section.GetSection(property.Name), property);
        if (_errors.Count > before) return;
        var bound = section.Get(type) ?? Activator.CreateInstance(type)!;
        foreach (var property in SettingsClass.Properties(type)) CheckRules(section.GetSection(property.Name), property, bound);
        if (_errors.Count > before || bound is not IValidatableObject whole) return;
        _errors.AddRange(whole.Validate(new ValidationContext(bound)).Select(r => $"{section.Path}:{r.MemberNames.FirstOrDefault()}: {r.ErrorMessage}"));
    }

    private void CheckConversion(IConfigurationSection section, PropertyInfo property)
    {
        var element = Legal.Element(property.PropertyType);
        if (Legal.IsNested(element ?? property.PropertyType))
        {
            if (element is null) CheckClass(section, property.PropertyType);
            else foreach (var one in section.GetChildren()) CheckClass(one, element);
            return;
        }

        foreach (var one in element is null ? [section] : section.GetChildren())
        {
            if (one.Value is { } text && !Converts(text, element ?? property.PropertyType))
                _errors.Add($"{one.Path}{Shown(property, text)} is refused: it takes {Legal.For(property)}.");
        }
    }

    private void CheckRules(IConfigurationSection section, PropertyInfo property, object bound)
    {
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            var context = new ValidationContext(bound) { DisplayName = section.Path, MemberName = property.Name };
            if (rule.GetValidationResult(property.GetValue(bound), context) is not { } wrong) continue;
            _errors.Add(rule is RangeAttribute or RegularExpressionAttribute
                ? $"{section.Path}{Shown(property, section.Value)} is refused: it takes {Legal.For(property)}."
                : $"{section.Path}: {wrong.ErrorMessage}");
            return;
        }
    }

    private static bool Converts(string text, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return true;
        if (type == typeof(Uri)) return Uri.TryCreate(text, UriKind.Absolute, out _);
        if (type.IsEnum) return Enum.TryParse(type, text, ignoreCase: true, out var value) && Enum.IsDefined(type, value);
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) is not null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    // A secret pasted where the name of its file belongs must not reach the log.
    private static string Shown(PropertyInfo property, string? value) =>
        value is null || value.Length > 80 || property.Name.Contains("Password", StringComparison.Ordinal) || property.Name.Contains("Token", StringComparison.Ordinal)
            ? "" : $" '{value}'";

    private static IEnumerable<string> Keys(SettingsClass settings) => Keys(settings.Many ? $"{settings.Section}:*" : settings.Section, settings.Type);

    private static IEnumerable<string> Keys(string path, Type type) =>
        from property in SettingsClass.Properties(type)
        let element = Legal.Element(property.PropertyType)
        let key = $"{path}:{property.Name}" + (element is null ? "" : ":*")
        from each in Legal.IsNested(element ?? property.PropertyType) ? Keys(key, element ?? property.PropertyType) : [key]
        select each;

    private static bool Fits(string known, string key)
    {
        var (a, b) = (known.Split(':'), key.Split(':'));
        return a.Length == b.Length && a.Zip(b).All(p => p.First == "*" || p.First.Equals(p.Second, StringComparison.OrdinalIgnoreCase));
    }

    private static int Distance(string? a, string b)
    {
        if (a is null) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.Min(cost, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
