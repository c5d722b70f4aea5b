"""The types of Python's own things, for isinstance."""

from pillion_helpers import Family

FunctionType = Family(("function",))
LambdaType = FunctionType
MethodType = Family(())
BuiltinFunctionType = Family(("builtin_function_or_method",))
BuiltinMethodType = BuiltinFunctionType
GeneratorType = Family(("Generated",))
ModuleType = Family(("module",))
CodeType = Family(())
CoroutineType = Family(())
TracebackType = Family(())
FrameType = Family(())
GenericAlias = Family(())
UnionType = Family(())
MethodWrapperType = Family(())
WrapperDescriptorType = Family(())
NoneType = type(None)
EllipsisType = type(...)
NotImplementedType = type(NotImplemented)


def MappingProxyType(mapping):
    return mapping


class SimpleNamespace:
    def __init__(self, **values):
        for name in values:
            setattr(self, name, values[name])

    def __eq__(self, other):
        return isinstance(other, SimpleNamespace) and self.__dict__ == other.__dict__

    def __repr__(self):
        return "namespace(" + ", ".join([name + "=" + repr(self.__dict__[name]) for name in self.__dict__]) + ")"
