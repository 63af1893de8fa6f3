# Runs a line of the module's cmdlets with probes in their places: cmdlets with the same names, parameters and attributes, which do nothing
# but tell what was bound. The session has no user, so that a question is an error.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

Add-Type -TypeDefinition @'
using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Reflection;
using System.Reflection.Emit;

public abstract class BindingProbe : PSCmdlet
{
    protected override void ProcessRecord() => WriteObject(ParameterSetName + ": " + string.Join(", ", MyInvocation.BoundParameters
        .OrderBy(bound => bound.Key, StringComparer.Ordinal)
        .Select(bound => bound.Key + "=" + LanguagePrimitives.ConvertTo<string>(bound.Value))));

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
        MethodBuilder set = type.DefineMethod("set_" + property.Name, Accessor, null, new[] { property.PropertyType });
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
            && !one.AttributeType.FullName.StartsWith("System.Runtime.")))
        {
            var named = one.NamedArguments.Where(argument => !argument.IsField).ToArray();
            add(new CustomAttributeBuilder(
                one.Constructor,
                one.ConstructorArguments.Select(ValueOf).ToArray(),
                named.Select(argument => (PropertyInfo)argument.MemberInfo).ToArray(),
                named.Select(argument => ValueOf(argument.TypedValue)).ToArray()));
        }
    }

    private static object ValueOf(CustomAttributeTypedArgument argument)
    {
        if (argument.Value is IReadOnlyCollection<CustomAttributeTypedArgument> list)
        {
            Array values = Array.CreateInstance(argument.ArgumentType.GetElementType(), list.Count);
            int i = 0;
            foreach (CustomAttributeTypedArgument one in list)
            {
                values.SetValue(ValueOf(one), i++);
            }

            return values;
        }

        return argument.ArgumentType.IsEnum ? Enum.ToObject(argument.ArgumentType, argument.Value) : argument.Value;
    }
}
'@

function New-BindingProbe {
    <# .SYNOPSIS A session in which each cmdlet of a module is its probe, with these variables. #>
    param([Parameter(Mandatory)] [string] $Module, [hashtable] $Variables = @{})
    $state = [initialsessionstate]::CreateDefault()
    foreach ($cmdlet in Get-Command -Module $Module -CommandType Cmdlet) {
        $state.Commands.Add([Management.Automation.Runspaces.SessionStateCmdletEntry]::new(
                $cmdlet.Name, [BindingProbe]::Of($cmdlet.ImplementingType), $null))
    }

    Open-Session $state $Variables
}

function New-BindingSession {
    <# .SYNOPSIS A session without a user that has the module itself, with these variables. #>
    param([Parameter(Mandatory)] [string] $ManifestPath, [hashtable] $Variables = @{})
    $state = [initialsessionstate]::CreateDefault()
    $state.ImportPSModule($ManifestPath)
    Open-Session $state $Variables
}

function Open-Session([initialsessionstate] $State, [hashtable] $Variables) {
    foreach ($name in $Variables.Keys) {
        $State.Variables.Add([Management.Automation.Runspaces.SessionStateVariableEntry]::new($name, $Variables[$name], ''))
    }

    $session = [runspacefactory]::CreateRunspace($State)
    $session.Open()
    $session
}

function Invoke-BindingProbe {
    <# .SYNOPSIS What a line binds, a text for each record: 'SET: NAME=VALUE, NAME=VALUE', or 'error ID'. #>
    param([Parameter(Mandatory)] $Session, [Parameter(Mandatory)] [string] $Line)
    $shell = [powershell]::Create($Session)
    try {
        # An error of a record is merged into the output, to come in its place.
        $script = "& { $Line } 2>&1 | ForEach-Object { if (`$_ -is [Management.Automation.ErrorRecord]) {
            'error ' + (`$_.FullyQualifiedErrorId -split ',')[0] } else { `$_ } }"
        try { @($shell.AddScript($script, $true).Invoke()) }
        catch [Management.Automation.MethodInvocationException] {
            'error ' + ($_.Exception.InnerException.ErrorRecord.FullyQualifiedErrorId -split ',')[0]
        }
    }
    finally { $shell.Dispose() }
}

function Get-BindingError {
    <# .SYNOPSIS The errors of a line, that which ends it too. #>
    param([Parameter(Mandatory)] $Session, [Parameter(Mandatory)] [string] $Line)
    $shell = [powershell]::Create($Session)
    try {
        try { $null = $shell.AddScript($Line, $true).Invoke() }
        catch [Management.Automation.MethodInvocationException] { $_.Exception.InnerException.ErrorRecord }
        $shell.Streams.Error
    }
    finally { $shell.Dispose() }
}

Export-ModuleMember -Function New-BindingProbe, New-BindingSession, Invoke-BindingProbe, Get-BindingError
