package io.lazuli.kernel.wire;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** How to take a record apart and put it together, found once per class and used by all threads. Immutable. */
final class RecordShape {

    private final Class<?> type;
    private final Class<?>[] componentTypes;
    private final MethodHandle[] accessors;
    private final MethodHandle constructor;

    private RecordShape(Class<?> type, Class<?>[] componentTypes, MethodHandle[] accessors, MethodHandle constructor) {
        this.type = type;
        this.componentTypes = componentTypes;
        this.accessors = accessors;
        this.constructor = constructor;
    }

    static RecordShape of(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] componentTypes = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            MethodHandle[] accessors = new MethodHandle[components.length];
            for (int i = 0; i < components.length; i++) {
                accessors[i] = lookup.findVirtual(type, components[i].getName(), MethodType.methodType(componentTypes[i]))
                        .asType(MethodType.methodType(Object.class, Object.class));
            }
            MethodHandle constructor = lookup.findConstructor(type, MethodType.methodType(void.class, componentTypes))
                    .asSpreader(Object[].class, components.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
            return new RecordShape(type, componentTypes, accessors, constructor);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " cannot be taken apart", e);
        }
    }

    Class<?> type() {
        return type;
    }

    int size() {
        return componentTypes.length;
    }

    Class<?> componentType(int index) {
        return componentTypes[index];
    }

    Object component(Object record, int index) {
        try {
            return (Object) accessors[index].invokeExact(record);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new WireException(type.getName() + " did not give its component " + index, e);
        }
    }

    Object build(Object[] components) {
        try {
            return (Object) constructor.invokeExact(components);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new WireException(type.getName() + " refused what arrived: " + e.getMessage(), e);
        }
    }
}
