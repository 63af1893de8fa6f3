using System.Management.Automation;
using System.Reflection;
using System.Reflection.Emit;

namespace S3Multipart.TestTools;

/// <summary>A cmdlet with the parameters and attributes of another, which does nothing but tell what was bound.</summary>
public abstract class BindingProbe : PSCmdlet
{
    /// <summary>Makes the probe of a cmdlet.</summary>
    public static Type Of(Type cmdlet)
    {
        AssemblyBuilder assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName("Probe" + cmdlet.Name), AssemblyBuilderAccess.Run);
        TypeBuilder type = assembly.DefineDynamicModule("Probe").DefineType(cmdlet.Name, TypeAttributes.Public, typeof(BindingProbe));
        Copy(cmdlet.GetCustomAttributesData(), type.SetCustomAttribute);
        foreach (PropertyInfo property in cmdlet.GetProperties().Where(one => one.IsDefined(typeof(ParameterAttribute), true)))
        {
            Add(type, property);
        }

        return type.CreateType();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(ParameterSetName + ": " + string.Join(", ", MyInvocation.BoundParameters
        .OrderBy(bound => bound.Key, StringComparer.Ordinal)
        .Select(bound => bound.Key + "=" + LanguagePrimitives.ConvertTo<string>(bound.Value))));

    private static void Add(TypeBuilder type, PropertyInfo property)
    {
        const MethodAttributes Accessor = MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig;
        FieldBuilder field = type.DefineField("_" + property.Name, property.PropertyType, FieldAttributes.Private);
        PropertyBuilder made = type.DefineProperty(property.Name, PropertyAttributes.None, property.PropertyType, null);
        MethodBuilder get = type.DefineMethod("get_" + property.Name, Accessor, property.PropertyType, Type.EmptyTypes);
        ILGenerator code = get.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, field);
        code.Emit(OpCodes.Ret);
        MethodBuilder set = type.DefineMethod("set_" + property.Name, Accessor, null, [property.PropertyType]);
        code = set.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, field);
        code.Emit(OpCodes.Ret);
        made.SetGetMethod(get);
        made.SetSetMethod(set);
        Copy(property.GetCustomAttributesData(), made.SetCustomAttribute);
    }

    private static void Copy(IEnumerable<CustomAttributeData> attributes, Action<CustomAttributeBuilder> add)
    {
        foreach (CustomAttributeData one in attributes.Where(one => one.AttributeType.IsPublic && one.AttributeType.Namespace != "System"
            && !one.AttributeType.FullName!.StartsWith("System.Runtime.", StringComparison.Ordinal)))
        {
            CustomAttributeNamedArgument[] named = [.. one.NamedArguments.Where(argument => !argument.IsField)];
            add(new CustomAttributeBuilder(
                one.Constructor,
                [.. one.ConstructorArguments.Select(ValueOf)],
                [.. named.Select(argument => (PropertyInfo)argument.MemberInfo)],
                [.. named.Select(argument => ValueOf(argument.TypedValue))]));
        }
    }

    private static object? ValueOf(CustomAttributeTypedArgument argument)
    {
        if (argument.Value is IReadOnlyCollection<CustomAttributeTypedArgument> list)
        {
            Array values = Array.CreateInstance(argument.ArgumentType.GetElementType()!, list.Count);
            int i = 0;
            foreach (CustomAttributeTypedArgument one in list)
            {
                values.SetValue(ValueOf(one), i++);
            }

            return values;
        }

        return argument.ArgumentType.IsEnum ? Enum.ToObject(argument.ArgumentType, argument.Value!) : argument.Value;
    }
}
