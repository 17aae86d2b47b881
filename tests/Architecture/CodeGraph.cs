using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Jarvis.Architecture;

/// <summary>One type (with all that is nested in it) mentions another.</summary>
internal sealed record Dependency(string User, string Used);

/// <summary>Reads who mentions whom from an assembly's code: signatures, attributes and method bodies, with lambdas,
/// iterators and async state machines counted as the type they were written in.</summary>
internal static class CodeGraph
{
    public static IReadOnlyList<Dependency> Of(System.Reflection.Assembly assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        return [.. (from type in module.GetTypes()
                    let user = Outermost(type)
                    from used in Mentions(type).SelectMany(Flatten)
                    where used != user
                    select new Dependency(user, used)).Distinct()];
    }

    private static IEnumerable<TypeReference?> Mentions(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. Attributes(type),
        .. type.GenericParameters.SelectMany(g => g.Constraints).Select(c => c.ConstraintType),
        .. type.Fields.SelectMany(f => Attributes(f).Append(f.FieldType)),
        .. type.Properties.SelectMany(Attributes),
        .. type.Methods.SelectMany(Mentions),
    ];

    private static IEnumerable<TypeReference?> Mentions(MethodDefinition method) =>
    [
        .. Signature(method),
        .. Attributes(method),
        .. method.Parameters.SelectMany(Attributes),
        .. method.GenericParameters.SelectMany(g => g.Constraints).Select(c => c.ConstraintType),
        .. method.HasBody ? Mentions(method.Body) : [],
    ];

    private static IEnumerable<TypeReference?> Mentions(MethodBody body) =>
    [
        .. body.Variables.Select(v => v.VariableType),
        .. body.ExceptionHandlers.Select(h => h.CatchType),
        .. body.Instructions.SelectMany(i => i.Operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            MethodReference method => Signature(method).Append(method.DeclaringType),
            _ => Enumerable.Empty<TypeReference?>(),
        }),
    ];

    private static IEnumerable<TypeReference?> Signature(MethodReference method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(p => p.ParameterType),
        .. (method as GenericInstanceMethod)?.GenericArguments ?? [],
    ];

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider owner) =>
        from attribute in owner.CustomAttributes
        from type in attribute.ConstructorArguments.Select(a => a.Value as TypeReference).Append(attribute.AttributeType)
        select type;

    private static IEnumerable<string> Flatten(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Flatten).Append(Outermost(generic.ElementType)),
        TypeSpecification wrapped => Flatten(wrapped.ElementType),
        _ => [Outermost(type)],
    };

    private static string Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type.FullName;
    }
}
