import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'

/** A question that is answered before anything else; Escape closes it, and the focus goes back to where it was. */
export function Dialog({
  title,
  urgent = false,
  onClose,
  children,
}: {
  title: string
  urgent?: boolean
  onClose: () => void
  children: ComponentChildren
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const before = useRef(document.activeElement)
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => {
      element?.close()
      // It is out of the document by now, and the browser no longer knows where it was opened from.
      const opener = before.current
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      role={urgent ? 'alertdialog' : undefined}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 id={heading} tabIndex={-1} autofocus>
        {title}
      </h2>
      {children}
    </dialog>
  )
}
